/**
 * One source of configuration: what it says, and what is wrong with it.
 *
 * @module
 */
import type { AppError } from "../error.ts";
import type { ConfigKey } from "./keys.ts";

/** Where a value comes from. */
export interface Origin {
  /** Which layer it is. */
  readonly kind: "flag" | "environment" | "project" | "user" | "system" | "default";
  /** The flag, the variable or the file; `default` for a default. */
  readonly where: string;
  /** Line in the file, counted from 1; null where there is none. */
  readonly line: number | null;
}

/** What one layer says about one key. */
export interface Statement {
  readonly origin: Origin;
  /** The value; as given when it is wrong. */
  readonly value: unknown;
  /** Why the value is wrong; null when it is right. */
  readonly problem: AppError | null;
}

/** Something wrong, and the section that it concerns; null concerns all. */
export interface Finding {
  readonly section: string | null;
  readonly problem: AppError;
}

/** One source of configuration. */
export interface Layer {
  /** What the layer says about a key; undefined when it says nothing. */
  statement(key: ConfigKey): Statement | undefined;
  /** Everything wrong with it, in its own order. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

/** The first part of a key. */
export function sectionOf(key: string): string {
  return key.slice(0, `${key}.`.indexOf("."));
}
