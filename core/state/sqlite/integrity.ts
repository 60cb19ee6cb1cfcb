/**
 * Looking whether a database is sound.
 *
 * @module
 */
import { StorageError } from "../errors.ts";
import type { StateDatabase } from "./state_database.ts";

/** So many problems are enough to know. */
const PROBLEMS_MAX = 100;

/**
 * Reads the whole file and names what is wrong with it; nothing for a sound one.
 *
 * @throws {StorageError} when it cannot be read at all for another reason than damage
 */
export async function checkIntegrity(database: StateDatabase): Promise<string[]> {
  try {
    const rows = await database.read((connection) =>
      connection.all<{ integrity_check: string }>(`PRAGMA integrity_check(${PROBLEMS_MAX})`)
    );
    return rows.map((row) => row.integrity_check).filter((line) => line !== "ok");
  } catch (error) {
    if (error instanceof StorageError && error.details.reason === "damaged") return [error.message];
    throw error;
  }
}
