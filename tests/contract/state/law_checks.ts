/**
 * What laws of several stores check in the same way.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";

/** The form of every time that a store gives back. */
export const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Half of a character: no UTF-8 file can hold it. */
export const LONE_SURROGATE = "\ud800";

/** The call is refused, by a rejection, for what it was given. */
export async function assertRefused(call: () => Promise<unknown>): Promise<void> {
  // Called outside of assertRejects, so that a synchronous throw fails the test.
  const promise = call();
  const error = await assertRejects(() => promise, StorageError);
  assertEquals(error.code, "invalid_value");
}

/** Microseconds since the epoch. */
export function microsOf(stamp: string): number {
  return Date.parse(`${stamp.slice(0, 23)}Z`) * 1000 + Number(stamp.slice(23, 26));
}

/** As many results, made at once. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}
