/**
 * What a row of the key table is made of.
 *
 * @module
 */
import type * as z from "zod/mini";

/** A kind of file: project.yml, or config.yml (a user's or the system's). */
export type Scope = "project" | "global";

/**
 * One row of the table. In every layer null and a blank text mean "not set"; so does an empty list,
 * unless the default is a list.
 */
export interface KeyRule<S extends z.ZodMiniType = z.ZodMiniType, D = unknown> {
  readonly schema: S;
  /** The value when no layer says anything. */
  readonly default: D;
  /** What the key does, one sentence without a stop. */
  readonly summary: string;
  /** Files that may hold it. */
  readonly scopes: readonly Scope[];
  /** Environment twin where it is not `CARREL_` and the key in capitals; null = it has none. */
  readonly variable?: string | null;
  /** False for a command that is kept for a later version: who sets it is warned. */
  readonly isRun?: false;
}

/** Spelled out so that a default is either null or a value of the key's own type. */
export function key<S extends z.ZodMiniType, const D extends z.output<S> | null>(
  rule: KeyRule<S, D>,
): KeyRule<S, D> {
  return rule;
}

/** Every file. */
export const anywhere: readonly Scope[] = ["project", "global"];
/** A project's own file. */
export const inProject: readonly Scope[] = ["project"];
/** The user's and the system's file. */
export const inGlobal: readonly Scope[] = ["global"];
