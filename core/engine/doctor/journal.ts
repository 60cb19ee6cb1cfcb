/**
 * Operations that the state store has not heard of, because it could not be used when they were carried out.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { AppError, isAppError } from "../../error.ts";
import { importJournal } from "../journal.ts";
import type { Diagnosis } from "./finding.ts";
import { whileUnlocked } from "./quiet.ts";

/** See the module. While the store still cannot be used, that is the trouble. */
export async function pendingJournal(carrel: Carrel): Promise<Diagnosis[]> {
  const { host: { files }, paths: { journal, journalLock } } = carrel;
  if (await files.info(journal) === null || !await isUsable(carrel)) return [];
  // Whoever writes it, or brings it into the store, holds its lock.
  if (await whileUnlocked(carrel, journalLock, () => files.info(journal)) === null) return [];
  return [{
    code: "journal_pending",
    what: "what it records is not in the state store yet",
    where: journal,
    fix: "bring it into the store, as the next change does",
    repair: async () => {
      await importJournal(carrel, await carrel.state());
      if (await files.info(journal) === null) return "imported";
      throw new AppError("storage_failed", `${journal} could not be brought into the store`);
    },
  }];
}

/** A store that was never made can be. */
async function isUsable(carrel: Carrel): Promise<boolean> {
  try {
    await carrel.existingState();
    return true;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}
