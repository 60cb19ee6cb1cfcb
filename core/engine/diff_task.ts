/**
 * `task diff`: what the task changed, computed where the task runs.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { workspaceDir } from "../meta/paths.ts";
import type { ContainerSpec, Runtime } from "../port/runtime.ts";
import { requireOwnDirs } from "../query/agent_dir.ts";
import { CONTAINER_WORKSPACE, containerName } from "../query/container_name.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer, type LaunchedContainer } from "../query/launched_container.ts";
import { openProject } from "../query/open_project.ts";
import { readStoredTask, type StoredTask } from "../query/stored_task.ts";
import { DIFF_SCRIPT } from "./diff_script.ts";
import { IDLE_COMMAND } from "./launch_settings.ts";
import { readBaseCommit } from "./readiness.ts";

/** What to compare with. */
export interface DiffRequest {
  /**
   * `base`: the commit the workspace started from, with untracked files; `head`: the last commit;
   * `prev`: the last commit against the one before.
   */
  readonly against: "base" | "head" | "prev";
  /** A summary of files instead of the changes. */
  readonly stat?: boolean;
}

const DIFF_TIMEOUT_MS = 60_000;

/** What a task changed is kept in memory until it is whole; a task can make it as large as it likes. */
const DIFF_BYTES_MAX = 64 * 1024 * 1024;

/** Status by which the script says that it could not even try. */
const SCRIPT_REFUSED = 125;

/**
 * The diff as git prints it. Errors: `never_ran`, `wrong_state` (no repository, no base commit, no
 * git in the image, more than 64 MiB), exit 9.
 */
export async function diffTask(
  carrel: Carrel,
  ref: TaskRef,
  request: DiffRequest,
): Promise<Uint8Array<ArrayBuffer>> {
  const task = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const container = await findContainer(carrel, task);
  const argv = await diffArgv(carrel, task, request);
  if (container.status?.state === "running") return await runDiff(container.runtime, container.name, argv);
  return await inThrowAway(carrel, task, container, (name) => runDiff(container.runtime, name, argv));
}

async function diffArgv(
  carrel: Carrel,
  task: StoredTask,
  { against, stat }: DiffRequest,
): Promise<readonly [string, ...string[]]> {
  const said = await readBaseCommit(carrel, task.taskDir);
  const base = task.record.base_commit ?? said;
  if (against === "base" && base !== null && said !== null && said !== base) {
    carrel.notify({ kind: "notice", text: movedOn(base, said) });
  }
  if (against === "base" && base === null) {
    throw new AppError("wrong_state", "it is not recorded which commit this task started from", {
      hint: "use --head, or set git.upstream_url so that tasks start from a commit",
    });
  }
  return ["sh", "-c", DIFF_SCRIPT, "carrel-diff", against, base ?? "", ...(stat === true ? ["--stat"] : [])];
}

/** Carrel knows the seed; how far upstream was when the container fetched, only the container says. */
function movedOn(seed: string, said: string): string {
  return `the workspace was seeded with ${seed}, and its container says that it then went on to the upstream's ` +
    `${said}: what lies between is in this diff too`;
}

async function runDiff(
  runtime: Runtime,
  name: string,
  argv: readonly [string, ...string[]],
): Promise<Uint8Array<ArrayBuffer>> {
  const output: Uint8Array<ArrayBuffer>[] = [];
  const complaints: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const code = await runtime.exec(name, argv, {
    timeoutMs: DIFF_TIMEOUT_MS,
    onOutput: (stream, data) => {
      bytes += data.length;
      if (bytes > DIFF_BYTES_MAX) throw tooLarge();
      (stream === "stdout" ? output : complaints).push(data);
    },
  });
  if (code === 0) return await joinBytes(output);
  const said = new TextDecoder().decode(await joinBytes(complaints)).trim();
  const last = said.split("\n").at(-1)?.replace(/^carrel: /, "") ?? "";
  if (code === 127) throw new AppError("wrong_state", "the image has no sh, which the diff needs");
  throw new AppError("wrong_state", `cannot compute the diff: ${last || `git ended with ${code}`}`, {
    hint: code === SCRIPT_REFUSED ? "see `carrel task status -v`" : "give --base, --head or --prev",
  });
}

function tooLarge(): AppError {
  return new AppError("wrong_state", `the diff is larger than ${DIFF_BYTES_MAX / 1024 ** 2} MiB`, {
    hint: "give --stat, or look into the workspace with `carrel task exec`",
  });
}

async function joinBytes(chunks: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Runs `body` with a container of the same image that sees the workspace read-only and no network. */
async function inThrowAway<Result>(
  carrel: Carrel,
  task: StoredTask,
  { runtime, plugin }: LaunchedContainer,
  body: (name: string) => Promise<Result>,
): Promise<Result> {
  await requireOwnDirs(carrel.host, task.taskDir);
  const name = `${containerName(task.project.id, "diff", task.record.task_id)}-${
    carrel.host.random.bytes(4).toHex()
  }`;
  const { config } = task.project;
  const spec: ContainerSpec = {
    name,
    image: task.record.image ?? config.get("run.image"),
    pull: "never",
    command: IDLE_COMMAND,
    entrypoint: "none",
    prelude: null,
    labels: { "carrel.root": carrel.paths.root, "carrel.diff": task.record.task_id },
    annotations: {},
    env: { CARREL_WORKSPACE: CONTAINER_WORKSPACE },
    mounts: [{
      source: workspaceDir(task.taskDir),
      target: CONTAINER_WORKSPACE,
      readOnly: true,
      relabel: "private",
      own: false,
    }],
    ports: [],
    workdir: null,
    user: config.get("run.user"),
    network: plugin.needsImage ? "none" : null,
    memory: null,
    cpus: null,
    pids: null,
    unrestricted: false,
    timeoutS: Math.ceil(DIFF_TIMEOUT_MS / 1000) * 2,
    logPath: `${task.taskDir}/logs/diff.log`,
    logMaxBytes: null,
    extraArgs: [],
  };
  try {
    await runtime.create(spec);
    await runtime.start(name);
    return await body(name);
  } finally {
    await runtime.remove([name]);
    await carrel.host.files.removeFile(spec.logPath);
  }
}
