/**
 * What is wrong with a task, judged from what there is of it.
 *
 * @module
 */
import { isAppError } from "../../error.ts";
import { type FileTrace, hasRecordFile, type TaskTraces } from "./task_traces.ts";

/** Each is a finding's code. */
export type TaskTroubleCode =
  | "dossier_damaged"
  | "dossier_missing"
  | "bookkeeping_damaged"
  | "bookkeeping_missing"
  | "env_damaged"
  | "env_left"
  | "record_missing"
  | "record_left"
  | "task_dir_missing"
  | "task_dir_empty"
  | "task_dir_unknown"
  | "deletion_left";

/** Something that is wrong with a task. */
export interface TaskTrouble {
  readonly code: TaskTroubleCode;
  readonly what: string;
  /** What is to be done about it; null when only a person can do something. */
  readonly fix: string | null;
}

/** Everything that is wrong with a task that nobody is at, in the order in which it is put right. */
export function judgeTask(traces: TaskTraces): TaskTrouble[] {
  return hasRecordFile(traces)
    ? [...judgeDossier(traces), ...judgeBookkeeping(traces), ...judgeEnv(traces), ...judgePlace(traces)]
    : judgeUnrecorded(traces);
}

function judgeDossier({ dossier, taskDir }: TaskTraces): TaskTrouble[] {
  if (isAppError(dossier)) {
    return [damaged("dossier_damaged", dossier, "keep a copy of the file, and write it anew")];
  }
  if (dossier === "sound") return [];
  const what = `its dossier is missing (its directory is ${taskDir})`;
  return [{ code: "dossier_missing", what, fix: "write the dossier from the bookkeeping" }];
}

/** Without its directory nothing can be said of a task whose bookkeeping is lost. */
function judgeBookkeeping({ bookkeeping, dir, taskDir }: TaskTraces): TaskTrouble[] {
  const isThere = dir === "task";
  if (isAppError(bookkeeping)) {
    const fix = "keep a copy of the file, and write what it, directory and container still say";
    return [damaged("bookkeeping_damaged", bookkeeping, isThere ? fix : null)];
  }
  if (bookkeeping === "sound" || !isThere) return [];
  const what = `its bookkeeping is missing (its directory is ${taskDir})`;
  return [{ code: "bookkeeping_missing", what, fix: "write what directory and container say" }];
}

/** The values are a person's to give: what is left of the file may still tell them. */
function judgeEnv({ env }: TaskTraces): TaskTrouble[] {
  return isAppError(env) ? [damaged("env_damaged", env, null)] : [];
}

function judgePlace(traces: TaskTraces): TaskTrouble[] {
  const { record, dir, taskDir, address, isArchived } = traces;
  if (isArchived) {
    const what = "it is in the archive, and its record is left";
    return [{ code: "record_left", what, fix: "finish its deletion" }];
  }
  if (record?.purging === true) {
    const what = "it was being purged, and nobody goes on with it: what is left is not whole";
    return [{ code: "deletion_left", what, fix: "remove what is left of it" }];
  }
  if (record?.deleting === true) {
    const what = "it is marked as being deleted, and nobody deletes it";
    // Without a workspace there is nothing to go back to.
    const fix = dir === "task" ? "take the mark back: the task is whole" : "archive what is left of it";
    return [{ code: "deletion_left", what, fix }];
  }
  if (dir !== "absent") return [];
  const advice = `bring it back, or archive the record with \`carrel task delete ${address}\``;
  return [{ code: "task_dir_missing", what: `its directory is missing: ${taskDir}; ${advice}`, fix: null }];
}

function judgeUnrecorded({ dir, taskDir, env, isKnown }: TaskTraces): TaskTrouble[] {
  switch (dir) {
    case "task": {
      const what = `${taskDir} is a task's directory, and there is no record of the task`;
      return [{ code: "record_missing", what, fix: "write a record of what directory and container say" }];
    }
    case "empty": {
      const what = `${taskDir} is empty, and there is no record of such a task`;
      return [{ code: "task_dir_empty", what, fix: "remove the empty directory" }];
    }
    case "other": {
      const what = `${taskDir} has the name of a task, but neither a record nor a workspace`;
      return [{ code: "task_dir_unknown", what, fix: null }];
    }
    case "absent": {
      if (env === "absent") return [];
      const what = "the values of its variables are left, and nothing else of it";
      return [{ code: "env_left", what, fix: isKnown ? "remove them" : null }];
    }
  }
}

/** A file that cannot even be read is nobody's to replace. */
function damaged(code: TaskTroubleCode, trace: FileTrace & Error, fix: string | null): TaskTrouble {
  const { message } = trace;
  return { code, what: message, fix: isAppError(trace, "record_damaged") ? fix : null };
}
