/**
 * What the stores take: the same checks for every backend, made before anything is written.
 *
 * All of them throw a `StorageError` of code `invalid_value` that names the argument.
 *
 * @module
 */
import { parseTimestamp } from "../meta/time.ts";
import type { Amounts } from "./contracts/resource_lock.ts";
import type { Page } from "./contracts/store.ts";
import { StorageError } from "./errors.ts";

/**
 * The longest span, milliseconds: 100 years. A time so far from now is still exact in microseconds, and SQLite
 * gives no integer back that JavaScript does not hold exactly.
 */
export const LONGEST_SPAN_MS = 100 * 365 * 86_400_000;

/**
 * Refuses what is not text, and text that SQLite would not give back: half a character (a lone surrogate)
 * or U+0000, where its texts end.
 */
export function checkText(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") throw invalid(`${name} must be text`);
  if (!value.isWellFormed()) throw invalid(`${name} is not well-formed Unicode`);
  if (value.includes("\0")) throw invalid(`${name} contains U+0000`);
}

/** Refuses what is neither text nor null. */
export function checkTextOrNull(value: unknown, name: string): asserts value is string | null {
  if (value !== null) checkText(value, name);
}

/** Refuses a text that is neither JSON (RFC 8259, so no NaN) nor `""`. */
export function checkJson(text: unknown, name: string): asserts text is string {
  checkText(text, name);
  if (text === "") return;
  try {
    JSON.parse(text);
  } catch (cause) {
    throw invalid(`${name} is not JSON`, cause);
  }
}

/** Refuses what is not an integer that JavaScript holds exactly. */
export function checkInteger(value: unknown, name: string): asserts value is number {
  if (!Number.isSafeInteger(value)) throw invalid(`${name} must be an integer`);
}

/** Refuses what is not a number from 0 up; Infinity is one. */
export function checkAmount(value: unknown, name: string): asserts value is number {
  if (typeof value !== "number" || !(value >= 0)) throw invalid(`${name} must be a number from 0 up`);
}

/** Refuses what is not a number of milliseconds from 0 to {@linkcode LONGEST_SPAN_MS}: a time to hold. */
export function checkSpan(value: unknown, name: string): asserts value is number {
  checkAmount(value, name);
  if (value > LONGEST_SPAN_MS) throw invalid(`${name} must be at most 100 years (${LONGEST_SPAN_MS} ms)`);
}

/** Checks all amounts; returns them sorted by resource. */
export function checkAmounts(amounts: Amounts, name: string): [resourceId: string, amount: number][] {
  const entries = Object.entries(amounts);
  for (const [resourceId, amount] of entries) {
    checkText(resourceId, `${name}: a resource`);
    checkAmount(amount, `${name}: ${resourceId}`);
  }
  return entries.sort(([one], [other]) => one < other ? -1 : one > other ? 1 : 0);
}

/** Pairs what is wanted with its capacity, sorted by resource; refuses a resource without one. */
export function checkCapacities(
  resources: Amounts,
  capacities: Amounts,
): { resourceId: string; amount: number; capacity: number }[] {
  const known = new Map(checkAmounts(capacities, "capacities"));
  return checkAmounts(resources, "resources").map(([resourceId, amount]) => {
    const capacity = known.get(resourceId);
    if (capacity === undefined) throw invalid(`no capacity is given for ${resourceId}`);
    return { resourceId, amount, capacity };
  });
}

/**
 * Reads a time: a space or a `T`, a `Z`, an offset or neither (= UTC). Microseconds since the epoch; refuses
 * a time that is too far from it for them to be exact.
 */
export function checkTime(text: unknown, name: string): number {
  checkText(text, name);
  const micros = parseTimestamp(text) ?? parseTimestamp(`${text}Z`);
  if (micros === null) throw invalid(`${name} is not a time: ${JSON.stringify(text)}`);
  if (!Number.isSafeInteger(micros)) throw invalid(`${name} is more than 285 years from 1970: ${text}`);
  return micros;
}

/** Fills in what a page leaves out; refuses what is not an integer from 0 up. */
export function checkPage({ limit = Number.MAX_SAFE_INTEGER, after = 0 }: Page = {}): Required<Page> {
  for (const [name, value] of Object.entries({ limit, after })) {
    checkInteger(value, name);
    checkAmount(value, name);
  }
  return { limit, after };
}

/** The error for a value that cannot be stored. */
export function invalid(message: string, cause?: unknown): StorageError {
  return new StorageError(message, { code: "invalid_value", cause });
}
