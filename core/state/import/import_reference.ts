/**
 * Reading a database of the reference into ours.
 *
 * @module
 */
import { join } from "@std/path";
import type { Connection } from "../sqlite/connection.ts";
import { copyDatabase } from "../sqlite/copy_database.ts";
import { type DatabaseHost, openDatabase } from "../sqlite/open_database.ts";
import { WRITE_TIMEOUT_MS } from "../sqlite/state_database.ts";
import { importAgents } from "./import_agents.ts";
import { importAudit } from "./import_audit.ts";
import { importContext } from "./import_context.ts";
import { importDirtyFlows } from "./import_dirty_flows.ts";
import { importEscalations } from "./import_escalations.ts";
import { importFlows } from "./import_flows.ts";
import { importLocks } from "./import_locks.ts";
import { importRejections } from "./import_rejections.ts";
import type { ImportReport, RowCounts } from "./import_report.ts";
import { importResults } from "./import_results.ts";
import { ImportRun } from "./import_run.ts";
import { openReferenceFile } from "./open_reference_file.ts";
import type { ReferenceFile } from "./reference_file.ts";
import { type PrivateDirHost, withPrivateDir } from "./with_private_dir.ts";

/** Options of {@linkcode importReference}. */
export interface ImportReferenceOptions {
  /** Answer what would be done, and leave our database as it is. */
  readonly dryRun?: boolean;
  /** How long to wait for other programs that write to either file; default 10 s. */
  readonly timeoutMs?: number;
}

const STORES = [
  importAgents,
  importContext,
  importResults,
  importAudit,
  importDirtyFlows,
  importLocks,
  importRejections,
  importEscalations,
  importFlows,
];

/** Our tables that an import can write to. */
const COUNTED = [
  "agents",
  "sessions",
  "states",
  "results",
  "audit_events",
  "dirty_flows",
  "held_resources",
  "rejections",
  "budget_tokens",
  "escalations",
  "escalation_decisions",
  "flows",
  "transitions",
];

const IS_KNOWN = `SELECT 1 AS known FROM imports WHERE content_hash = ?`;
const REMEMBER = `INSERT INTO imports (content_hash, generation, imported_at) VALUES (?, ?, ?)`;

/**
 * Brings what a database of the reference holds into ours, which is made if there is none, in one transaction.
 * The file itself is only read. What is here already wins; the same content is imported only once, whatever
 * has become of it since. A dry run does all of this to a copy of our database.
 *
 * @param file of the reference, absolute
 * @param stateDb ours, absolute
 * @throws {StorageError} as `openReferenceFile` for the file, as `openDatabase` for ours; nothing was changed
 */
export async function importReference(
  file: string,
  stateDb: string,
  host: DatabaseHost & PrivateDirHost,
  options: ImportReferenceOptions = {},
): Promise<ImportReport> {
  const { dryRun = false, timeoutMs = WRITE_TIMEOUT_MS } = options;
  using reference = await openReferenceFile(file, host, { stateDb, timeoutMs });
  if (!dryRun) return await importInto(stateDb, reference.file, host, timeoutMs);
  return await withPrivateDir(host, async (dir) => {
    const copy = join(dir, "state.db");
    await copyDatabase(stateDb, copy, host, { timeoutMs });
    return await importInto(copy, reference.file, host, timeoutMs);
  });
}

async function importInto(
  stateDb: string,
  file: ReferenceFile,
  host: DatabaseHost,
  timeoutMs: number,
): Promise<ImportReport> {
  const database = await openDatabase(stateDb, host, { timeoutMs });
  try {
    const run = (target: Connection) => importFile(file, target, database.nowMicros());
    return await database.write(run, timeoutMs);
  } finally {
    await database.close();
  }
}

function importFile(file: ReferenceFile, target: Connection, nowMicros: number): ImportReport {
  const { generation, contentHash } = file;
  const importedBefore = target.get(IS_KNOWN, contentHash) !== undefined;
  const before = countRows(target);
  const run = new ImportRun(file, target, nowMicros, importedBefore);
  for (const importStore of STORES) importStore(run);
  run.nameOtherTables();
  if (!importedBefore) target.run(REMEMBER, contentHash, generation, nowMicros);
  const after = countRows(target);
  const rows = COUNTED.map((table): [string, RowCounts] => [
    table,
    { before: before.get(table) ?? 0, after: after.get(table) ?? 0 },
  ]);
  return {
    generation,
    content_hash: contentHash,
    imported_before: importedBefore,
    tables: Object.fromEntries([...run.tables].sort(([one], [other]) => one < other ? -1 : 1)),
    rows: Object.fromEntries(rows),
    problems: run.problems,
  };
}

function countRows(target: Connection): ReadonlyMap<string, number> {
  const count = (table: string) =>
    target.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)?.count ?? 0;
  return new Map(COUNTED.map((table) => [table, count(table)]));
}
