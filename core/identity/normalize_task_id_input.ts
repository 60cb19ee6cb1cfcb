/**
 * Tolerance for task ids as people type, read out and copy them.
 *
 * @module
 */

/**
 * Folds what a person typed towards the canonical form: no hyphens, lowercase, and the letters that
 * Crockford base 32 leaves out read as the digits they look like (i and l as 1, o as 0).
 *
 * Only for the boundary where ids are typed: ids from disk or from the runtime are canonical already.
 *
 * @example
 * ```ts
 * import { normalizeTaskIdInput } from "./normalize_task_id_input.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(normalizeTaskIdInput("K3-V8H"), "k3v8h");
 * assertEquals(normalizeTaskIdInput("q0o1"), "q001");
 * ```
 */
export function normalizeTaskIdInput(raw: string): string {
  return raw.replaceAll("-", "").toLowerCase().replace(/[il]/g, "1").replaceAll("o", "0");
}
