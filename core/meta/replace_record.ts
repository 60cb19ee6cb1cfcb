/**
 * Writes a whole record at once, for callers that hold all of it.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { TaskId } from "../identity/task_id.ts";
import { isYamlValue, type YamlValue } from "../yaml/yaml_value.ts";
import { type Changes, decodeBookkeeping, editBookkeeping } from "./bookkeeping.ts";
import { decodeDossier, encodeDossier } from "./dossier.ts";
import { durableWrite, type WriteHost } from "./durable_write.ts";
import { dossierPath, metaPath } from "./paths.ts";
import { snapshotRecord } from "./record_snapshot.ts";

/**
 * Makes a record say what `map` says: keys that `map` lacks (or holds as undefined) are removed, lines of
 * keys that keep their value are not touched. `project_id` (or `project_name`), `task_id` and `name` go to
 * the dossier, where keys of other programs stay. The caller holds the task's lock.
 *
 * Throws `invalid_value` for what a record cannot hold and `record_damaged`, both before anything is
 * written, and the errors of {@linkcode durableWrite}.
 */
export async function replaceRecord(
  host: WriteHost,
  metaDir: string,
  id: TaskId,
  map: Readonly<Record<string, unknown>>,
): Promise<void> {
  const [dossierFile, metaFile] = [dossierPath(metaDir, id), metaPath(metaDir, id)];
  const { project_id, project_name, task_id, name, ...rest } = map;
  const identity = {
    project: textOrNull("project_id", project_id ?? project_name),
    task: textOrNull("task_id", task_id),
    name: textOrNull("name", name),
  };
  const values = checkValues(rest);
  const { dossier, bookkeeping } = await snapshotRecord(host.files, metaDir, id);
  const oldIdentity = decodeDossier(dossier, dossierFile);
  const oldValues = bookkeeping === null ? {} : await decodeBookkeeping(bookkeeping, metaFile);
  const isSame = (["project", "task", "name"] as const).every((key) => identity[key] === oldIdentity[key]);
  const newDossier = dossier !== null && isSame ? dossier : encodeDossier({ ...oldIdentity, ...identity });
  const removed = Object.keys(oldValues).filter((key) => !Object.hasOwn(values, key));
  const changes: Changes = { ...Object.fromEntries(removed.map((key) => [key, undefined])), ...values };
  const newBookkeeping = await editBookkeeping(bookkeeping, changes, metaFile);
  await host.files.ensureDir(metaDir, { mode: 0o700 });
  if (newDossier !== dossier) await durableWrite(host, dossierFile, newDossier);
  if (newBookkeeping !== bookkeeping) await durableWrite(host, metaFile, newBookkeeping);
}

function textOrNull(key: string, value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return value;
  throw unfit(key);
}

function checkValues(map: Readonly<Record<string, unknown>>): Record<string, YamlValue> {
  const given = Object.entries(map).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]): [string, YamlValue] => {
    if (!isYamlValue(value)) throw unfit(key);
    return [key, value];
  }));
}

function unfit(key: string): AppError {
  return new AppError("invalid_value", `a task record cannot hold the value of ${JSON.stringify(key)}`, {
    hint: "values are null, true or false, numbers, texts, and lists and maps of them; an identity is text",
  });
}
