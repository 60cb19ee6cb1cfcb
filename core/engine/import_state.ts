/**
 * `state import`: what a database of the reference holds, brought into ours.
 *
 * @module
 */
import { resolve } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { importReference } from "../state/import/import_reference.ts";
import type { ImportReport } from "../state/import/import_report.ts";
import type { MutationOptions } from "./operation.ts";

/**
 * Imports a SQLite file that the reference has written, of any generation; the file itself is only read. Our
 * database is made if there is none. Whatever fails has changed nothing. Errors: `storage_failed` (a file that
 * is absent, empty, damaged, ours, or of another program: `details.reason` says which), `permission_denied`,
 * `disk_full`, `lock_timeout`.
 *
 * @param file relative paths are relative to the working directory
 */
export function importState(
  carrel: Pick<Carrel, "host" | "paths" | "lockTimeoutMs">,
  file: string,
  { dryRun = false }: MutationOptions = {},
): Promise<ImportReport> {
  const { host, paths, lockTimeoutMs } = carrel;
  return importReference(resolve(host.system.cwd, file), paths.stateDb, host, {
    dryRun,
    timeoutMs: lockTimeoutMs,
  });
}
