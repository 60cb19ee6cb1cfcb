/**
 * Whose database a file is, and which schema it has.
 *
 * @module
 */
import { StorageError } from "../errors.ts";
import type { Connection } from "./connection.ts";

/** "carr" in ASCII: stands in the header of every state store, where `file` and SQLite itself look for it. */
export const APPLICATION_ID = 0x63617272;

/** Some of the tables of the reference, in each of its generations. */
const REFERENCE_TABLES = ["agent_registry", "context_session", "flow_context", "flow_transitions"];

/**
 * The schema version of a file: 0 when there is none of ours in it yet.
 *
 * @param known the newest version that this program can work with
 * @param ours names of the tables of the newest schema
 * @throws {StorageError} `storage_failed`: a newer schema, or a database that another program made;
 * `details.reason` is `newer_schema` or `foreign`
 */
export function readSchemaVersion(
  connection: Connection,
  path: string,
  { known, ours }: { readonly known: number; readonly ours: readonly string[] },
): number {
  const version = pragma(connection, "user_version");
  const application = pragma(connection, "application_id");
  if (application === APPLICATION_ID) {
    if (version <= known) return version;
    throw new StorageError(`${path} has schema ${version}, newer than ${known}, the newest known here`, {
      hint: "use the carrel that wrote it, or a newer one",
      details: { reason: "newer_schema", path, schema_version: version, known_version: known },
    });
  }
  // An embedder's own tables may share the file with ours; those of the reference hold what ours would.
  const taken = connection.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .map(({ name }) => name).filter((name) => [...ours, ...REFERENCE_TABLES].includes(name));
  if (application === 0 && version === 0 && taken.length === 0) return 0;
  throw new StorageError(`${path} is a database that another program made`, {
    hint: "`carrel state import` reads the files of the reference",
    details: { reason: "foreign", path, application_id: application, user_version: version, tables: taken },
  });
}

/** The error for a file that must hold something of ours, and does not. */
export function emptiedFile(path: string): StorageError {
  return new StorageError(`cannot use the state store ${path}: the file is empty, and was not before`, {
    hint: "put a backup in its place, or remove it to begin without a history; nothing was changed",
    details: { reason: "damaged", path },
  });
}

/** Whether a file of ours has exactly that version; costs one look, and so may be asked in every transaction. */
export function hasSchemaVersion(connection: Connection, version: number): boolean {
  return pragma(connection, "user_version") === version;
}

function pragma(connection: Connection, name: "user_version" | "application_id"): number {
  return connection.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
}
