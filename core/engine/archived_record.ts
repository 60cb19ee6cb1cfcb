/**
 * The record of an archived task: two copies of its files, and `task.json`, which says the same once more.
 *
 * A text of YAML that was cut off can still be YAML, one of JSON cannot: where a copy says something else than
 * `task.json`, or nothing, `task.json` is believed.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { TaskId } from "../identity/task_id.ts";
import { encodeArchiveRecord } from "../meta/archive.ts";
import { type Changes, decodeBookkeeping } from "../meta/bookkeeping.ts";
import { decodeDossier, type Dossier } from "../meta/dossier.ts";
import { recordDamaged } from "../meta/record_damaged.ts";
import { recordChanges } from "../meta/record_snapshot.ts";
import { decodeRecordText, readRecordBytes } from "../meta/read_record_text.ts";
import type { Files } from "../port/host.ts";
import { sameYamlValue, type YamlMap } from "../yaml/yaml_value.ts";
import { archivedRecordPaths } from "./archive_task.ts";
import { keepDamaged } from "./keep_damaged.ts";

/** A copy of one of the two files. */
export interface ArchivedCopy {
  readonly path: string;
  /** Null when there is none, or what is there is no file. */
  readonly bytes: Uint8Array | null;
  /** Why it cannot be used as it is; null when it can, and when there has never been a copy. */
  readonly problem: string | null;
}

/** See the module. */
export interface ArchivedRecord {
  /** What the copies that can be read say together. */
  readonly copied: Readonly<Record<string, unknown>>;
  /** Its copy, and all that is known of what it said. */
  readonly dossier: ArchivedCopy & { readonly content: Dossier };
  /** Its copy, its text where that can be read, and what must be changed in that to make it whole. */
  readonly bookkeeping: ArchivedCopy & { readonly text: string | null; readonly lacks: Changes };
}

/**
 * Reads the copies in `dir` and compares them with `said`, the content of `task.json`. Errors: those of reading,
 * which say nothing about what the files hold.
 */
export async function readArchivedRecord(
  files: Pick<Files, "read">,
  dir: string,
  id: TaskId,
  said: Readonly<Record<string, unknown>>,
): Promise<ArchivedRecord> {
  const paths = archivedRecordPaths(dir, id);
  const dossier = await readCopy(files, paths.dossier, (text) => decodeDossier(text, paths.dossier));
  const bookkeeping = await readCopy(
    files,
    paths.bookkeeping,
    (text) => decodeBookkeeping(text, paths.bookkeeping),
  );
  const copied = mergeCopies(dossier.value, bookkeeping.value);
  const { name, ...lacks } = differences(said, copied);
  const content = {
    ...dossier.value ?? { project: null, task: null, name: null },
    name: name ?? dossier.value?.name ?? null,
  };
  // The reference keeps no copies.
  const hasCopies = dossier.bytes !== null || bookkeeping.bytes !== null;
  const problemOf = ({ bytes, path, problem }: ArchivedCopy, lacking: readonly string[]) => {
    if (problem !== null || lacking.length === 0 || !hasCopies) return problem;
    const what = bytes === null
      ? "it is missing"
      : `it does not agree with task.json on ${nameSome(lacking)}`;
    return recordDamaged(path, what).message;
  };
  const { value: _dossier, text: _text, ...dossierCopy } = dossier;
  const { value: _bookkeeping, ...bookkeepingCopy } = bookkeeping;
  return {
    copied,
    dossier: {
      ...dossierCopy,
      content,
      problem: problemOf(dossierCopy, name === undefined ? [] : ["name"]),
    },
    bookkeeping: { ...bookkeepingCopy, lacks, problem: problemOf(bookkeepingCopy, Object.keys(lacks)) },
  };
}

/** Keeps aside what lies in the place of a copy that cannot be used; its new path, null when there is nothing to keep. */
export async function keepUnusable(carrel: Carrel, { path, problem }: ArchivedCopy): Promise<string | null> {
  if (problem === null || await carrel.host.files.info(path) === null) return null;
  return await keepDamaged(carrel, path, { untrusted: true });
}

/** More keys than a person takes in at a glance are counted. */
const NAMED_KEYS_MAX = 4;

function nameSome(keys: readonly string[]): string {
  const named = keys.slice(0, NAMED_KEYS_MAX).join(", ");
  return keys.length > NAMED_KEYS_MAX ? `${named} and ${keys.length - NAMED_KEYS_MAX} more` : named;
}

/** What the copies say together, as `task.json` would. */
function mergeCopies(dossier: Dossier | null, bookkeeping: YamlMap | null): Record<string, unknown> {
  const { project_id: _project, project_name: _newer, task_id: _task, name: oldName, ...rest } =
    bookkeeping ?? {};
  const name = dossier?.name ?? oldName;
  return name === undefined ? rest : { ...rest, name };
}

interface ReadCopy<Value> extends ArchivedCopy {
  readonly text: string | null;
  /** Null when there is no copy, or a damaged one. */
  readonly value: Value | null;
}

async function readCopy<Value>(
  files: Pick<Files, "read">,
  path: string,
  decode: (text: string) => Value | Promise<Value>,
): Promise<ReadCopy<Value>> {
  let bytes: Uint8Array | null = null;
  try {
    bytes = await readRecordBytes(files, path, { untrusted: true });
    if (bytes === null) return { path, bytes, problem: null, text: null, value: null };
    const text = decodeRecordText(bytes, path);
    return { path, bytes, problem: null, text, value: await decode(text) };
  } catch (error) {
    if (!isAppError(error, "record_damaged")) throw error;
    return { path, bytes, problem: error.message, text: null, value: null };
  }
}

/** What `task.json` says and the copies do not, both as JSON has it. */
function differences(
  said: Readonly<Record<string, unknown>>,
  copied: Readonly<Record<string, unknown>>,
): ReturnType<typeof recordChanges> {
  const inCopies = asArchived(copied);
  const entries = Object.entries(asArchived(said)).filter(([key, value]) => {
    const other = inCopies[key];
    return value !== undefined && (other === undefined || !sameYamlValue(value, other));
  });
  return Object.fromEntries(entries);
}

function asArchived(map: Readonly<Record<string, unknown>>): ReturnType<typeof recordChanges> {
  return recordChanges(JSON.parse(encodeArchiveRecord(map)));
}
