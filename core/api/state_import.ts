/**
 * Reading databases of the reference in. The name is carrel's own.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { importState } from "../engine/import_state.ts";
import type { ImportReport } from "../state/import/import_report.ts";

/**
 * Imports a SQLite file that the reference has written into the carrel's own store; see `importReference`. A dry
 * run tells the same without a change. Throws `storage_failed`, `permission_denied`, `disk_full`, `lock_timeout`.
 *
 * @param file relative paths are relative to the working directory
 */
export async function stateImport(
  carrel: Carrel,
  file: string,
  options: { readonly dryRun?: boolean } = {},
): Promise<ImportReport> {
  return (await importState(carrel, file, options)).report;
}
