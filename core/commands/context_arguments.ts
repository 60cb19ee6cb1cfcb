/**
 * Arguments that the commands about contexts share.
 *
 * @module
 */
import type { ValueFlag } from "../cli/declaration.ts";
import { AppError } from "../error.ts";
import { type ChangedContext, CONTEXT_SCOPES, type ContextScope } from "../engine/change_context.ts";

/** Whose context. */
export const contextArguments = [
  { name: "scope", choices: CONTEXT_SCOPES, summary: "session (of a flow) or state (of an agent)" },
  { name: "key", summary: "the id of the flow, or the agent" },
] as const;

/** The value to write. */
export const jsonArgument = {
  name: "json",
  placeholder: "JSON",
  summary: "a JSON object; - reads stdin, @FILE a file",
} as const;

/** Compare and set. */
export const ifVersionFlag = {
  kind: "value",
  placeholder: "N",
  parse: parseVersion,
  summary: "only if the state has this version (0: if there is none), else exit 4",
} as const satisfies ValueFlag;

/** Refuses a version for what has none; null without one. */
export function requireVersioned(scope: ContextScope, version: number | undefined): number | null {
  if (version !== undefined && scope === "session") {
    throw new AppError("usage", "--if-version is for a state; a session has no version");
  }
  return version ?? null;
}

/** `state of claude (version 2)` */
export function wordContext({ scope, key, version }: ChangedContext): string {
  return `${scope} of ${key}${version === null ? "" : ` (version ${version})`}`;
}

function parseVersion(text: string): number {
  const version = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(version)) return version;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a version: a whole number from 0 up`);
}
