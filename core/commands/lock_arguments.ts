/**
 * Positionals and flags of the lock commands.
 *
 * @module
 */
import type { ValueFlag } from "../cli/declaration.ts";
import { AppError } from "../error.ts";
import { parseDuration } from "../parse_duration.ts";
import { LONGEST_SPAN_MS } from "../state/check_input.ts";

/** What is shorter may round to no time at all. */
const SHORTEST_TTL_S = 0.001;

/** What is locked. */
export const lockArgument = {
  name: "lock",
  placeholder: "NAME",
  summary: "a limit of the configuration, or any other name: of that there is one",
  parse: parseLockName,
} as const;

/** How much of it. */
export const amountFlag = {
  kind: "value",
  placeholder: "N",
  summary: "how much of it",
  parse: parseAmount,
  default: "1",
} as const satisfies ValueFlag;

/** Who holds it. */
export const holderFlag = {
  kind: "value",
  placeholder: "HOLDER",
  summary: "who holds it, a word without blanks",
  parse: parseHolder,
} as const satisfies ValueFlag;

/** For how long, in seconds. */
export const ttlFlag = {
  kind: "value",
  placeholder: "DURATION",
  summary: "it ends by itself after this time; must be given",
  parse: parseTtl,
} as const satisfies ValueFlag;

function parseLockName(text: string): string {
  if (/^[a-z][a-z0-9_-]{0,63}$/.test(text)) return text;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not the name of a lock`, {
    hint: "a-z, then a-z, 0-9, _ and -, at most 64 characters",
  });
}

function parseAmount(text: string): number {
  const amount = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && amount > 0 && amount <= Number.MAX_SAFE_INTEGER) return amount;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not an amount`, {
    hint: "write a number greater than 0",
  });
}

function parseTtl(text: string): number {
  const seconds = parseDuration(text);
  if (seconds >= SHORTEST_TTL_S && 1000 * seconds <= LONGEST_SPAN_MS) return seconds;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a time for which a lock can be held`, {
    hint: "give 1ms to 36500d, such as 10m",
  });
}

function parseHolder(text: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw new AppError("invalid_value", `${JSON.stringify(text)} cannot name a holder`, {
    hint: "use 1 to 255 printable ASCII characters without blanks",
  });
}
