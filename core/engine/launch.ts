/**
 * Create, record, start: the one way in which a task gets a container.
 *
 * @module
 */
import type { Carrel, OpenRuntime } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { writeEnv } from "../meta/env_file.ts";
import { agentConfigDir, containerLogPath, logsDir } from "../meta/paths.ts";
import type { RecordChanges } from "../meta/record_store.ts";
import type { TaskRecord } from "../meta/task_record.ts";
import type { ContainerSpec } from "../port/runtime.ts";
import { requireOwnDirs } from "../query/agent_dir.ts";
import { READY_FILE } from "../query/stored_task.ts";
import { containerName } from "../query/container_name.ts";
import { isStranger } from "../query/is_stranger.ts";
import { startIsReady } from "../query/task_meta.ts";
import { isActive, type LaunchedContainer, lookAgain } from "../query/launched_container.ts";
import { clearAgentFile, makeAgentDir, writeAgentFile } from "./agent_file.ts";
import { keepSession, openSession } from "./agent_session.ts";
import { findOwnArchive } from "./archive_task.ts";
import { newContainerSpec, sharedDirOf, type TaskPort } from "./container_spec.ts";
import { INIT_SCRIPT, INIT_SCRIPT_NAME } from "./init_script.ts";
import type { LaunchSettings } from "./launch_settings.ts";
import type { Operation } from "./operation.ts";
import { markReady } from "./readiness.ts";
import { RUNS_ON, stoppedNow } from "./stop_task.ts";
import { claimTaskPort } from "./task_port.ts";
import { handOver, type Holder } from "./task_resources.ts";
import { tryTwice } from "./try_twice.ts";
import { withRetries } from "./with_retries.ts";
import { type HeldTask, refuseDeleting } from "./with_task.ts";

/** Name of the prompt file in agent-config. */
export const PROMPT_FILE = "prompt.txt";

/** The container whose place is taken, and who makes the new one. */
type Made = Pick<LaunchedContainer, "status" | "maker">;

/**
 * Makes the container of a task and starts it; between the two, `beforeStart` completes what the container will
 * find. The caller holds the task's lock.
 */
export async function launchTask(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  settings: LaunchSettings,
  { runtime, maker = runtime, status = null, beforeStart }: OpenRuntime & Partial<Made> & {
    readonly beforeStart?: () => Promise<void>;
  },
): Promise<void> {
  refuseDeleting(task);
  await requireOwnDirs(carrel.host, task.taskDir);
  const holder = holderOf(task, settings);
  const { name } = holder;
  let port: TaskPort | null = null;
  await op.step("prepare", agentConfigDir(task.taskDir), async () => {
    await prepareTaskDir(carrel, task);
    await openSession(carrel, task, settings.agent);
    port = await claimTaskPort(carrel, task, { mode: settings.mode, holder });
    await writeEnv(carrel.host, task.project.metaDir, task.ref.id, settings.env);
  });
  await op.step("create container", name, async () => {
    // A launch that dies before its container is on record must not leave one that nobody asks after.
    if (task.record.runtime !== settings.runtime) await task.update({ runtime: settings.runtime });
    const spec = newContainerSpec(carrel, task, settings, op.id, port);
    await withRetries(carrel, task, () => createAnew({ runtime, maker }, spec, task.record, status !== null));
    await beforeStart?.();
  }, { last_end: lastEnd(task.record) });
  await op.step("start container", name, () => {
    const facts = launchFacts(settings, port);
    return startPrepared(carrel, op, task, { runtime: maker, status: null, facts }, holder);
  });
}

/** Whose container a launch makes or starts. */
export function holderOf(
  { project, ref }: Pick<HeldTask, "project" | "ref">,
  { mode, runtime }: { readonly mode: string; readonly runtime: string },
): Holder {
  return { project, ref, runtime, name: containerName(ref.project, mode, ref.id) };
}

/** Starts the existing container of a task and records that it runs. The caller holds the task's lock. */
export async function startContainer(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  container: LaunchedContainer,
): Promise<void> {
  await checkStart(carrel, task);
  await op.step("start container", container.name, async () => {
    await prepareTaskDir(carrel, task);
    await keepSession(carrel, task);
    const holder = holderOf(task, { ...container, runtime: container.plugin.name });
    await startPrepared(carrel, op, task, { ...container, facts: {} }, holder);
  }, { last_end: lastEnd(task.record) });
}

/** What the record says of the last run, for a start that is undone. */
function lastEnd({ op, exit_code, exit_reason, stopped_at }: TaskRecord) {
  return { op, exit_code, exit_reason, stopped_at };
}

/**
 * Throws `invalid_config` when what the start of an existing container asks of the configuration is wrong, and as
 * {@linkcode requireOwnDirs}.
 */
export async function checkStart({ host }: Carrel, task: HeldTask): Promise<void> {
  refuseDeleting(task);
  const { project } = task;
  project.config.get("git.upstream_url");
  sharedDirOf(project.tasksRoot, project.config);
  await requireOwnDirs(host, task.taskDir);
}

/** Starts a container; `facts` of it, and that this operation starts it, are on record before. */
async function startPrepared(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  { runtime, status, facts }: Pick<LaunchedContainer, "runtime" | "status"> & {
    readonly facts: RecordChanges;
  },
  holder: Holder,
): Promise<void> {
  const { name } = holder;
  const before = task.record;
  // Until it has started, the only end that its container can have is that of an old run: stopped, as it were.
  const hasRun = status?.startedAtMicros != null;
  const end = hasRun ? stoppedNow(carrel) : { ...RUNS_ON, exit_code: null };
  await task.update({ ...facts, op: op.id, ...end });
  try {
    const runs = async () => isActive(await lookAgain({ runtime, name }) ?? null);
    await withRetries(carrel, task, () => runtime.start(name), runs);
  } catch (error) {
    if (isAppError(error)) {
      await task.update(await afterFailedStart(error, before, { runtime, name, status }));
    }
    throw error;
  }
  try {
    await handOver(carrel, holder);
    // Else the end of the old run would stand for that of the new one.
    if (hasRun) await tryTwice(() => task.update(RUNS_ON));
    if (startIsReady(task)) await markReady(carrel, task, carrel.host.clock.nowMicros());
  } catch (error) {
    // It runs: that the record could not be completed is not a failure to start.
    if (!isAppError(error)) throw error;
    const text = `task ${task.address} was started, but its record could not be completed: ${error.message}`;
    carrel.notify({ kind: "warning", text });
  }
}

/**
 * What the record says after a start that failed. A call that failed may have had its effect all the same:
 * the old end stands again only for a container that has not been started since.
 */
async function afterFailedStart(
  error: AppError,
  before: TaskRecord,
  { runtime, name, status }: Pick<LaunchedContainer, "runtime" | "name" | "status">,
): Promise<RecordChanges> {
  const now = await lookAgain({ runtime, name });
  if (isActive(now ?? null)) return RUNS_ON;
  if (error.code === "start_failed") return { ...RUNS_ON, exit_code: error.exit, exit_reason: "unknown" };
  if (now === undefined) return {};
  if (now !== null && now.startedAtMicros !== (status?.startedAtMicros ?? null)) return {};
  return {
    op: before.op ?? undefined,
    exit_code: before.exit_code,
    exit_reason: before.exit_reason ?? undefined,
    stopped_at: before.stopped_at ?? undefined,
  };
}

/**
 * The task's directories and files as a container needs them. Files are replaced, never written
 * through: the task may have put links in their place.
 */
async function prepareTaskDir(carrel: Carrel, task: HeldTask): Promise<void> {
  const { files } = carrel.host;
  await requireTaskDir(carrel, task);
  await requireOwnDirs(carrel.host, task.taskDir);
  await makeAgentDir(carrel, task);
  await files.ensureDir(logsDir(task.taskDir), { mode: 0o700 });
  const log = containerLogPath(task.taskDir);
  if ((await files.info(log))?.kind === "symlink") await files.removeFile(log);
  const shared = sharedDirOf(task.project.tasksRoot, task.project.config);
  if (shared !== null) await files.ensureDir(shared, { mode: 0o777 });
  await clearAgentFile(carrel, task, READY_FILE);
  if (task.project.config.get("git.upstream_url") !== null) {
    await writeAgentFile(carrel, task, INIT_SCRIPT_NAME, INIT_SCRIPT, 0o755);
  }
}

/** A start never makes the task's directory: where it is missing, the work may be in the archive. */
async function requireTaskDir(carrel: Carrel, task: HeldTask): Promise<void> {
  if (await carrel.host.files.info(task.taskDir) !== null) return;
  const archived = await findOwnArchive(carrel, task);
  throw new AppError("wrong_state", `the directory of task ${task.address} is missing: ${task.taskDir}`, {
    hint: archived === null
      ? `\`carrel task delete ${task.address}\` removes the record that is left`
      : `bring it back with \`carrel archive restore ${task.ref.project}/${archived}\``,
  });
}

/** Most launches find the name free: unless it is known to be taken, who has it is asked only then. */
async function createAnew(
  { runtime, maker }: Pick<LaunchedContainer, "runtime" | "maker">,
  spec: ContainerSpec,
  record: TaskRecord,
  isTaken: boolean,
): Promise<void> {
  try {
    if (!isTaken) return void await maker.create(spec);
  } catch (error) {
    if (!isAppError(error, "already_exists")) throw error;
  }
  await removeLeftover(runtime, spec.name, record);
  await maker.create(spec);
}

/**
 * Removes a container that an interrupted launch left under the task's name. One that runs belongs
 * to a task that did start: `wrong_state`. One that is not carrel's is nobody's to remove: `already_exists`.
 */
async function removeLeftover(
  runtime: OpenRuntime["runtime"],
  name: string,
  record: TaskRecord,
): Promise<void> {
  const leftover = (await runtime.states({ names: [name] })).get(name);
  if (leftover === undefined) return;
  if (leftover.state === "running" || leftover.state === "paused") {
    throw new AppError("wrong_state", `a container ${name} is ${leftover.state} already`, {
      hint: "stop it first",
    });
  }
  if (isStranger(record, leftover)) {
    throw new AppError("already_exists", `there is a container ${name} that is none of carrel's`, {
      hint: "rename or remove it, then try again",
    });
  }
  const [result] = await runtime.remove([name]);
  if (result?.removed !== true) {
    throw new AppError("runtime_failed", `cannot remove the old container ${name}: ${result?.error ?? ""}`);
  }
}

function launchFacts(settings: LaunchSettings, port: TaskPort | null) {
  return {
    mode: settings.mode,
    runtime: settings.runtime,
    image: settings.image,
    command: settings.command === null ? null : [...settings.command],
    env_names: Object.keys(settings.env),
    unrestricted: settings.unrestricted,
    ...(settings.agent === null ? {} : { agent: settings.agent }),
    ...(settings.timeoutS === null ? {} : { timeout: settings.timeoutS }),
    ...(port === null ? {} : { web_port: port.hostPort }),
  };
}
