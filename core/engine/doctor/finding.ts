/**
 * What the doctor looks for, and what it finds.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";

/** Something that is not as it should be; JSON. */
export interface Finding {
  /** The kind of it, for programs. */
  readonly code: string;
  /** One sentence without a final stop. */
  readonly what: string;
  /** The task, project, file or operation that it concerns. */
  readonly where: string;
  /** What `--fix` does about it, in words that follow "to"; null when only a person can do something. */
  readonly fix: string | null;
}

/** A finding, and how it is put right. */
export interface Diagnosis extends Finding {
  /**
   * Puts it right, and answers in a word or two how. It may be called again after a kill at any point. Throws
   * `AppError` for what it cannot do now. Null as `fix` is.
   */
  readonly repair: (() => Promise<string>) | null;
}

/** Looks for one kind of trouble; changes nothing. Each is a file of its own, listed in `checks.ts`. */
export type Check = (carrel: Carrel) => Promise<Diagnosis[]>;
