/**
 * What must not stay undone because one call to the disk failed.
 *
 * @module
 */
import { isAppError } from "../error.ts";

/** Does it again when it fails with an `AppError`; throws what the second try throws. */
export async function tryTwice(effect: () => Promise<unknown>): Promise<void> {
  try {
    await effect();
  } catch (error) {
    if (!isAppError(error)) throw error;
    await effect();
  }
}
