/**
 * One task as read from disk: its record and what the agent says in its files.
 *
 * @module
 */
import { basename, isAbsolute, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { TaskId } from "../identity/task_id.ts";
import { ESCALATION_FILE } from "../meta/escalation.ts";
import { workspaceDir } from "../meta/paths.ts";
import { readTaskMeta } from "../meta/record_store.ts";
import { type TaskRecord, toTaskRecord } from "../meta/task_record.ts";
import { parseWorkStatus, type WorkStatus } from "../meta/work_status.ts";
import type { FileInfo, Files, Host } from "../port/host.ts";
import { findAgentDir, readPlainBytes } from "./agent_dir.ts";
import type { Project } from "./open_project.ts";

/** A file that the container writes when its workspace is prepared. */
export const READY_FILE = ".ready";

/** A file in which the container leaves the commit that its workspace was reset to. */
export const BASE_FILE = ".base";

/** A task on disk. */
export interface StoredTask {
  readonly project: Project;
  readonly record: TaskRecord;
  /** The task directory. */
  readonly taskDir: string;
  readonly work: WorkStatus;
  /** Whether the container has said that its workspace is prepared; looked for while the record does not say so. */
  readonly readyFile: boolean;
  /** What lies where its agent asks for a person; null = nothing, as nearly always. */
  readonly escalation: FileInfo | null;
}

const NO_WORK_STATUS: WorkStatus = { status: null, message: null };

/**
 * The task directory of a record: the project's usual place if it is there, so that a tree that was copied
 * or moved is never taken for the one it came from. Else where the record says, if that is named after the
 * task and looks like a task directory: a wrong line in a record must not make carrel move, or remove, what
 * is not the task's.
 */
export async function findTaskDir(
  { files }: Pick<Host, "files">,
  project: Pick<Project, "tasksRoot">,
  record: Pick<TaskRecord, "workspace" | "task_id">,
): Promise<string> {
  const usual = join(project.tasksRoot, record.task_id);
  const { workspace } = record;
  if (workspace === null || workspace === usual) return usual;
  if (!isAbsolute(workspace) || basename(workspace) !== record.task_id) return usual;
  if ((await files.info(usual))?.kind === "directory") return usual;
  const [dir, tree] = await Promise.all([files.info(workspace), files.info(workspaceDir(workspace))]);
  return dir?.kind === "directory" && tree?.kind === "directory" ? workspace : usual;
}

/** Reads one task; `task_not_found` when it has no record, `record_damaged` when it is unreadable. */
export async function readStoredTask(carrel: Carrel, project: Project, id: TaskId): Promise<StoredTask> {
  const { files } = carrel.host;
  const map = await readTaskMeta(files, project.metaDir, id);
  if (map === null) throw noSuchTask(project.id, id);
  const record = toTaskRecord(map, { project: project.id, id });
  const taskDir = await findTaskDir(carrel.host, project, record);
  const agentDir = await findAgentDir(carrel.host, taskDir);
  if (agentDir === null) {
    return { project, record, taskDir, work: NO_WORK_STATUS, readyFile: false, escalation: null };
  }
  const [work, readyFile, escalation] = await Promise.all([
    readPlainBytes(carrel.host, join(agentDir, "work-status.yml")),
    record.initialized ? false : isReadyFile(files, join(agentDir, READY_FILE)),
    files.info(join(agentDir, ESCALATION_FILE)),
  ]);
  return {
    project,
    record,
    taskDir,
    work: work === null ? NO_WORK_STATUS : await parseWorkStatus(new TextDecoder().decode(work)),
    readyFile,
    escalation,
  };
}

/** Most tasks whose record does not say that they are ready have no such file. */
async function isReadyFile(files: Files, path: string): Promise<boolean> {
  return await files.exists(path) && (await files.info(path))?.kind === "file";
}

/** The error for a task that is not there. */
export function noSuchTask(project: string, id: string): AppError {
  return new AppError("task_not_found", `there is no task ${id} in project ${project}`, {
    hint:
      `list tasks with \`carrel task list ${project}\`, deleted ones with \`carrel archive list ${project}\``,
  });
}
