/**
 * `state import`: what a database of the reference holds, brought into ours.
 *
 * @module
 */
import { resolve } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { invariant } from "../invariant.ts";
import { importReference } from "../state/import/import_reference.ts";
import type { ImportReport } from "../state/import/import_report.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";

/**
 * Imports a SQLite file that the reference has written, of any generation; the file itself is only read. Whatever
 * fails has changed nothing. A dry run tells the same without a change. Errors: `storage_failed` (a file that is
 * absent, empty, damaged, ours, or of another program: `details.reason` says which), `permission_denied`,
 * `disk_full`, `lock_timeout`.
 *
 * @param file relative paths are relative to the working directory
 */
export async function importState(
  carrel: Carrel,
  file: string,
  options: MutationOptions = {},
): Promise<Performed<{ readonly report: ImportReport }>> {
  const path = resolve(carrel.host.system.cwd, file);
  const deed = { verb: "state import", project: null, task: null, args: { file: path } };
  return await perform(carrel, deed, options, async (op) => {
    if (op.dryRun) {
      const report = await read(carrel, path, true);
      for (const [table, { imported }] of Object.entries(report.tables)) {
        const rows = `${imported} ${imported === 1 ? "row" : "rows"} of ${table}`;
        if (imported > 0) await op.step("import", rows, () => Promise.resolve());
      }
      return { report };
    }
    const reports: ImportReport[] = [];
    await op.step("import", path, async () => void reports.push(await read(carrel, path, false)));
    const [report] = reports;
    invariant(report !== undefined, "an import that does not fail reports");
    if (!brings(report)) op.wasInVain();
    return { report };
  });
}

function brings({ tables }: ImportReport): boolean {
  return Object.values(tables).some(({ imported }) => imported > 0);
}

async function read(
  { host, paths, lockTimeoutMs }: Carrel,
  path: string,
  dryRun: boolean,
): Promise<ImportReport> {
  return await importReference(path, paths.stateDb, host, { dryRun, timeoutMs: lockTimeoutMs });
}
