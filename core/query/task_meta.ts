/**
 * The read model of one task: record, agent's word and live container in one flat value.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { containerName } from "./container_name.ts";
import { effectiveStatus, type TaskState, type TaskStatus } from "./effective_status.ts";
import { endFacts, type SeenState } from "./live_states.ts";
import type { StoredTask } from "./stored_task.ts";

/** A snapshot of one task. Field names are the reference's. */
export interface TaskMeta extends TaskState {
  /** The id, unique within the project. */
  readonly task_id: string;
  /** The project that the task belongs to. */
  readonly project_id: string;
  /** A name for people; empty when there is none. */
  readonly name: string;
  /** `cli`, `run`, `web` or `toad`; null = never launched. */
  readonly mode: string | null;
  /** How the task is, in one word. */
  readonly status: TaskStatus;
  /** The name of its container, whether or not that exists; null = never launched. */
  readonly container_name: string | null;
  /** Why the last run ended; null when it has not, or nobody saw. */
  readonly exit_reason: string | null;
  /** The task directory; the agent's tree is `workspace-dangerous` in it. */
  readonly workspace: string;
  /** The port on the host that it serves; null when it serves none. */
  readonly web_port: number | null;
  /** A secret: never part of any output. */
  readonly web_token: string | null;
  /** RFC 3339, as are the next two; null when not known. */
  readonly created_at: string | null;
  /** When it was ready for the first time. */
  readonly ready_at: string | null;
  /** When carrel stopped it; null when it was not, or runs again. */
  readonly stopped_at: string | null;
  /** Whether its command may gain privileges; null = never launched. */
  readonly unrestricted: boolean | null;
  /** Whether the reference launched it for debugging. */
  readonly debug: boolean;
  /** The agent that it was launched with. */
  readonly agent: string | null;
  /** The endpoint that its agent was pointed at. */
  readonly provider: string | null;
  /** The preset of older versions of the reference. */
  readonly preset: string | null;
  /** The backend of older versions of the reference. */
  readonly backend: string | null;
  /** What the agent says that it is doing, in one word. */
  readonly work_status: string | null;
  /** What the agent says besides. */
  readonly work_message: string | null;
  /** The state of the reference's firewall; never known here. */
  readonly shield_state: string | null;
  /** Whether its agent's question waits for a person's decision; false as long as nobody has looked. */
  readonly needs_human: boolean;
  /** Labels given to it. */
  readonly labels: Readonly<Record<string, string>>;
  /** The runtime that it was launched on; null = never launched. */
  readonly runtime: string | null;
  /** The image of its container. */
  readonly image: string | null;
  /** The argv that it was launched with; null = the image's own. */
  readonly command: readonly string[] | null;
  /** The commit that its workspace started from. */
  readonly base_commit: string | null;
  /** The id that it had, when another task had that id as it was restored; else null. */
  readonly restored_from: string | null;
}

/** Puts a stored task and its live state together; `servesPort` when its port was seen to answer. */
export function newTaskMeta(task: StoredTask, live: SeenState, servesPort: boolean): TaskMeta {
  const { record } = task;
  const failed = live instanceof AppError;
  const container = failed ? null : live;
  const end = container?.exit ?? null;
  const unrecorded = record.exit_code === null && record.exit_reason === null && record.stopped_at === null;
  const seen = unrecorded && end !== null ? endFacts(end) : record;
  const started = container?.startedAtMicros != null && startIsReady(task);
  const state: TaskState = {
    container_state: container?.state ?? null,
    exit_code: seen.exit_code,
    deleting: record.deleting,
    initialized: record.initialized || readyFile(task) || started || servesPort,
    starting: false,
  };
  return {
    ...state,
    task_id: record.task_id,
    project_id: record.project_id,
    name: record.name ?? "",
    mode: record.mode,
    status: failed && !record.deleting ? "unknown" : effectiveStatus(state),
    container_name: record.mode === null
      ? null
      : containerName(record.project_id, record.mode, record.task_id),
    exit_reason: seen.exit_reason,
    workspace: task.taskDir,
    web_port: record.web_port,
    web_token: record.web_token,
    created_at: record.created_at,
    ready_at: record.ready_at,
    stopped_at: record.stopped_at,
    unrestricted: record.unrestricted,
    debug: record.debug,
    agent: record.agent,
    provider: record.provider,
    preset: record.preset,
    backend: record.backend,
    work_status: task.work.status,
    work_message: task.work.message,
    shield_state: null,
    needs_human: false,
    labels: record.labels,
    runtime: record.runtime,
    image: record.image,
    command: record.command,
    base_commit: record.base_commit,
    restored_from: record.restored_from,
  };
}

/** Without init a start is readiness, but for the modes whose port must answer first. */
export function startIsReady({ project, record }: Pick<StoredTask, "project" | "record">): boolean {
  const { mode } = record;
  return project.config.getOrDefault("git.upstream_url") === null && mode !== "web" && mode !== "toad";
}

/** The ready file says that the workspace is prepared; a task that serves a port is ready later. */
function readyFile({ record, readyFile }: StoredTask): boolean {
  return readyFile && record.mode !== "web" && record.mode !== "toad";
}

/** A task object of the JSON output: the read model without secrets and without this process's own view. */
export type TaskView = Omit<TaskMeta, "web_token" | "starting">;

/** Drops what never leaves the program. */
export function toTaskView(meta: TaskMeta): TaskView {
  const { web_token: _token, starting: _starting, ...view } = meta;
  return view;
}
