/**
 * What archive and state store prove of a task whose record is damaged or gone.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { ifPresent } from "../../if_present.ts";
import { parseArchiveName } from "../../meta/archive.ts";
import { formatTimestamp, parseTimestamp } from "../../meta/time.ts";
import { parseTaskName } from "../../naming/parse_task_name.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { listOperations, type OperationFilter } from "../../query/list_operations.ts";
import type { OperationView } from "../../query/operation_view.ts";
import { type JsonObject, objectOf, readBeginning, readResult } from "../../query/operations.ts";
import type { JsonValue } from "../../state/json_value.ts";
import type { StorageBundle } from "../../state/storage_bundle.ts";
import { isAppError } from "../../error.ts";
import { usableState } from "./state_store.ts";

/** Whether it was one of this root: an archive is of it, or an operation on record. */
export async function isKnownTask(carrel: Carrel, ref: TaskRef): Promise<boolean> {
  return await hasArchive(carrel, ref) || (await listOperationsOf(carrel, ref, { limit: 1 })).length > 0;
}

/** Whether it was one of this root and was deleted: an archive is of it, or a deletion that came to its end. */
export async function isDeletedTask(carrel: Carrel, ref: TaskRef): Promise<boolean> {
  if (await hasArchive(carrel, ref)) return true;
  const closed = await listOperationsOf(carrel, ref, { statuses: ["CLOSED"] });
  return closed.some(({ verb }) => verb === "task delete");
}

async function hasArchive({ host, paths }: Carrel, { project, id }: TaskRef): Promise<boolean> {
  const archives = await ifPresent(host.files.list(paths.archiveDir(project))) ?? [];
  return archives.some(({ name }) => parseArchiveName(name)?.taskId === id);
}

async function listOperationsOf(
  carrel: Carrel,
  { project, id }: TaskRef,
  filter: OperationFilter,
): Promise<OperationView[]> {
  const state = await usableState(carrel);
  return state === null ? [] : await listOperations(state, { ...filter, project, task: id });
}

/** What the operations that came to their end say of a task as it is now; null for what none of them says. */
export interface TaskHistory {
  /** How it was made. */
  readonly made: { readonly createdAt: string | null; readonly labels: JsonObject } | null;
  /** How it was launched the first time. */
  readonly launched: {
    readonly op: string;
    readonly mode: string | null;
    readonly command: readonly string[] | null;
  } | null;
  /** The name that it was given last. */
  readonly name: string | null;
}

/** Reads it; all null without a state store that can be read. */
export async function readTaskHistory(carrel: Carrel, ref: TaskRef): Promise<TaskHistory> {
  let history: TaskHistory = { made: null, launched: null, name: null };
  const state = await usableState(carrel);
  if (state === null) return history;
  let isRestored = false;
  for (const operation of await listOperationsOf(carrel, ref, { statuses: ["CLOSED"] })) {
    if (operation.verb === "archive restore") isRestored = true;
    if (operation.verb === "task delete") {
      // What was deleted, and has not come back, was another task.
      if (!isRestored) break;
      isRestored = false;
    }
    history = await addOlder(state, history, operation);
  }
  return history;
}

async function addOlder(
  state: StorageBundle,
  { made, launched, name }: TaskHistory,
  { op, verb, began_at }: OperationView,
): Promise<TaskHistory> {
  if (!["task new", "task run", "task rename"].includes(verb)) return { made, launched, name };
  const args = readBeginning(await state.decisionAudit.eventsForDfid(op))?.args ?? {};
  const result = objectOf((await readResult(state, op))?.result);
  const givenName = nameOf(result["name"]) ?? nameOf(args["name"]);
  const makes = verb === "task new" || args["new"] === true;
  const micros = began_at === null ? null : parseTimestamp(began_at);
  const createdAt = micros === null ? null : formatTimestamp(micros);
  return {
    made: makes ? { createdAt, labels: objectOf(args["labels"]) } : made,
    launched: verb === "task run"
      ? { op, mode: textOf(result["mode"]), command: textsOf(args["command"]) }
      : launched,
    name: name ?? givenName,
  };
}

/** As the verbs make it of what was asked for. */
function nameOf(value: JsonValue | undefined): string | null {
  if (typeof value !== "string") return null;
  try {
    return parseTaskName(value);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return null;
  }
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function textsOf(value: JsonValue | undefined): string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
}
