/**
 * A record's two files as they are, for the archive.
 *
 * @module
 */
import type { TaskId } from "../identity/task_id.ts";
import type { Files } from "../port/host.ts";
import { isYamlValue } from "../yaml/yaml_value.ts";
import { editBookkeeping } from "./bookkeeping.ts";
import { dossierPath, metaPath } from "./paths.ts";
import { readRecordText } from "./read_record_text.ts";
import { readTaskMeta, type RecordChanges } from "./record_store.ts";

/** Both files of a record, byte for byte, and what they say together. */
export interface RecordSnapshot {
  readonly dossier: string | null;
  readonly bookkeeping: string | null;
  readonly map: Readonly<Record<string, unknown>>;
}

/** Reads both files. Throws `record_damaged`. */
export async function snapshotRecord(files: Files, metaDir: string, id: TaskId): Promise<RecordSnapshot> {
  const [dossier, bookkeeping, map] = await Promise.all([
    readRecordText(files, dossierPath(metaDir, id)),
    readRecordText(files, metaPath(metaDir, id)),
    readTaskMeta(files, metaDir, id),
  ]);
  return { dossier, bookkeeping, map: map ?? {} };
}

/** Bookkeeping text without the secrets that no archive keeps; everything else stays as it is. */
export async function withoutTokens(bookkeeping: string, path: string): Promise<string> {
  return await editBookkeeping(bookkeeping, { web_token: undefined, gate_token: undefined }, path);
}

/** Bookkeeping text as it was before a deletion began. */
export async function withoutDeletionMark(bookkeeping: string, path: string): Promise<string> {
  return await editBookkeeping(bookkeeping, { deleting: undefined, purging: undefined }, path);
}

/** A merged map as changes to a record that is made anew from it; what cannot be written is left out. */
export function recordChanges(map: Readonly<Record<string, unknown>>): RecordChanges {
  const { project_id: _project, task_id: _task, name, ...rest } = map;
  const changes: Record<string, RecordChanges[string]> = {};
  for (const [key, value] of Object.entries(rest)) {
    if (isYamlValue(value)) changes[key] = value;
  }
  return typeof name === "string" ? { ...changes, name } : changes;
}
