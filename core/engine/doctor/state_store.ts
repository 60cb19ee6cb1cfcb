/**
 * A state store that cannot be used: damaged, of a newer carrel, not readable.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import type { StorageBundle } from "../../state/storage_bundle.ts";
import type { Diagnosis } from "./finding.ts";

/** See the module. What can be put right without it is looked for all the same. */
export async function stateStore(carrel: Carrel): Promise<Diagnosis[]> {
  try {
    await carrel.existingState();
    return [];
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { message, hint } = error;
    const what = hint === null ? message : `${message}; ${hint}`;
    return [{ code: "state_unusable", what, where: carrel.paths.stateDb, fix: null, repair: null }];
  }
}

/** The state store for a check that needs it; null where there is none, or none that can be used. */
export async function usableState(carrel: Carrel): Promise<StorageBundle | null> {
  try {
    return await carrel.existingState();
  } catch (error) {
    if (!isAppError(error)) throw error;
    return null;
  }
}
