/**
 * Opening a database of the reference.
 *
 * @module
 */
import { join } from "@std/path";
import { ifPresent } from "../../if_present.ts";
import { StorageError } from "../errors.ts";
import { Connection } from "../sqlite/connection.ts";
import { asStorageError, BUSY_TIMEOUT_MS } from "../sqlite/open_database.ts";
import { APPLICATION_ID } from "../sqlite/schema_version.ts";
import { chunksOf, type CopyHost, copySettled } from "./copy_settled.ts";
import { detectGeneration, type ReferenceTables } from "./detect_generation.ts";
import type { Generation } from "./import_report.ts";
import { readTables, ReferenceFile } from "./reference_file.ts";
import { type PrivateDirHost, withPrivateDir } from "./with_private_dir.ts";

/** Options of {@linkcode openReferenceFile}. */
export interface OpenReferenceOptions {
  /** Our own database, which is never read as a file of the reference. */
  readonly stateDb: string;
  /** How long to wait for the file to settle when it is being written to. */
  readonly timeoutMs: number;
}

/** An open file; disposing closes it. */
export interface OpenReferenceFile extends Disposable {
  readonly file: ReferenceFile;
}

const MAGIC = "SQLite format 3\0";

/**
 * Opens a copy of a database that the reference wrote, made and checked here; the file itself is only read. When
 * this returns the copy has no name any more: whatever happens later, nothing of it is left.
 *
 * @param path absolute
 * @throws {StorageError} `storage_failed` with a `details.reason` of `not_found`, `not_a_file`, `empty`,
 * `not_a_database`, `damaged`, `ours` or `foreign`; `lock_timeout` (`locked`) when it never settles;
 * `permission_denied`, `disk_full`
 */
export async function openReferenceFile(
  path: string,
  host: CopyHost & PrivateDirHost,
  options: OpenReferenceOptions,
): Promise<OpenReferenceFile> {
  let opened: Disposable | undefined;
  try {
    const original = await checkFile(path, host, options.stateDb);
    return await withPrivateDir(host, async (dir) => {
      const copy = join(dir, "reference.db");
      await copySettled(original, copy, host, options.timeoutMs);
      await checkMagic(path, copy, host);
      return opened = await openCopy(path, copy, host);
    });
  } catch (error) {
    opened?.[Symbol.dispose]();
    throw asStorageError(error, path);
  }
}

/** The path with every link resolved. */
async function checkFile(path: string, { files }: CopyHost, stateDb: string): Promise<string> {
  const original = await ifPresent(files.realPath(path));
  const info = original === null ? null : await files.info(original);
  if (original === null || info === null) throw refusal(path, "not_found", `there is no file ${path}`);
  if (info.kind !== "file") throw refusal(path, "not_a_file", `${path} is not a file`);
  const ours = await files.info(await ifPresent(files.realPath(stateDb)) ?? stateDb);
  // Closing a file that SQLite has open in this process would end SQLite's locks on it: not even a look.
  if (ours !== null && ours.device === info.device && ours.inode === info.inode) throw oursRefusal(path);
  if (info.sizeBytes === 0) throw refusal(path, "empty", `${path} is empty`);
  return original;
}

async function checkMagic(path: string, copy: string, { files }: CopyHost): Promise<void> {
  const head = new TextDecoder().decode(await files.read(copy, { offset: 0, maxBytes: MAGIC.length }));
  if (head !== MAGIC) throw refusal(path, "not_a_database", `${path} is no SQLite database`);
}

async function openCopy(path: string, copy: string, { files }: CopyHost): Promise<OpenReferenceFile> {
  const connection = await Connection.open(copy, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  const close = () => connection.close();
  try {
    // What is in the file is data: its schema is not to call functions.
    connection.run("PRAGMA trusted_schema = OFF");
    checkSound(path, connection);
    const tables = readTables(connection);
    const generation = generationOf(path, connection, tables);
    // Moves what the write-ahead log holds into the file, as the program itself does when it ends.
    connection.get("PRAGMA wal_checkpoint(TRUNCATE)");
    const contentHash = await hashOf(copy, files);
    // One file is left, which can be read when its name is gone.
    connection.get("PRAGMA journal_mode = DELETE");
    return {
      file: new ReferenceFile({ connection, tables, generation, contentHash }),
      [Symbol.dispose]: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function generationOf(path: string, connection: Connection, tables: ReferenceTables): Generation {
  const application = connection.get<{ application_id: number }>("PRAGMA application_id")?.application_id;
  if (application === APPLICATION_ID) throw oursRefusal(path);
  const generation = detectGeneration(tables);
  if (generation !== null) return generation;
  throw refusal(path, "foreign", `${path} is a database that another program made`, {
    tables: [...tables.keys()],
  });
}

function checkSound(path: string, connection: Connection): void {
  const problems = connection.all<{ quick_check: string }>("PRAGMA quick_check(10)")
    .map((row) => row.quick_check).filter((line) => line !== "ok");
  if (problems.length === 0) return;
  throw refusal(path, "damaged", `${path} is damaged: ${problems[0]}`, { problems });
}

async function hashOf(path: string, files: CopyHost["files"]): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  for await (const chunk of chunksOf(files, path)) hash.update(chunk);
  return hash.digest("hex");
}

function oursRefusal(path: string): StorageError {
  return refusal(path, "ours", `${path} is a state store of carrel, not one of the reference`);
}

function refusal(
  path: string,
  reason: string,
  message: string,
  more: Record<string, unknown> = {},
): StorageError {
  return new StorageError(message, {
    hint: "give a SQLite file that the reference has written",
    details: { path, reason, ...more },
  });
}
