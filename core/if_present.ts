/**
 * Reading what may not be there.
 *
 * @module
 */
import { isAppError } from "./error.ts";

/**
 * What a read gives, or null when the file or directory is absent (`file_not_found`); other failures are
 * thrown.
 *
 * @example
 * ```ts
 * import { ifPresent } from "./if_present.ts";
 * import { AppError } from "./error.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await ifPresent(Promise.resolve("text")), "text");
 * assertEquals(await ifPresent(Promise.reject(new AppError("file_not_found", "no such file"))), null);
 * ```
 */
export async function ifPresent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isAppError(error, "file_not_found")) return null;
    throw error;
  }
}
