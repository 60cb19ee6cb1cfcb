/**
 * Looking into directories that may be absent, or closed to this user.
 *
 * @module
 */
import { type AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";

/** What a reading gives; null when what it reads is absent, or fails: then `problems` says why. */
export async function readOrMiss<T>(problems: AppError[], reading: Promise<T>): Promise<T | null> {
  try {
    return await ifPresent(reading);
  } catch (error) {
    if (!isAppError(error)) throw error;
    problems.push(error);
    return null;
  }
}
