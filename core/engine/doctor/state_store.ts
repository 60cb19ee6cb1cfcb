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
  const unusable = (what: string) => ({
    code: "state_unusable",
    what,
    where: carrel.paths.stateDb,
    fix: null,
    repair: null,
  });
  try {
    if (await carrel.existingState() === null || !carrel.host.system.hasDisk) return [];
    const { checkStateFile } = await import("../../state/sqlite/check_state_file.ts");
    const { problems } = await checkStateFile(carrel.paths.stateDb, carrel.host);
    return problems.map((problem) => unusable(`the file is damaged: ${problem}; put a backup in its place`));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { message, hint } = error;
    return [unusable(hint === null ? message : `${message}; ${hint}`)];
  }
}

/** What is read of the store, or `otherwise` when its file is damaged, which {@linkcode stateStore} tells. */
export async function unlessDamaged<Read>(reading: Promise<Read>, otherwise: Read): Promise<Read> {
  try {
    return await reading;
  } catch (error) {
    if (!isAppError(error) || error.details.reason !== "damaged") throw error;
    return otherwise;
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
