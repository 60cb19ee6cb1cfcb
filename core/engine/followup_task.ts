/**
 * `task followup`: another prompt for an unattended task that has ended.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { findAgentDir } from "../query/agent_dir.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer, isActive, type LaunchedContainer, neverRan } from "../query/launched_container.ts";
import { writeAgentFile } from "./agent_file.ts";
import { checkSession } from "./agent_session.ts";
import { checkStart, PROMPT_FILE, startContainer } from "./launch.ts";
import { mutateTask } from "./mutate_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { writePrompt } from "./run_task.ts";
import { noteStart, startHolder } from "./start_task.ts";
import { holdResources, type WaitOptions } from "./task_resources.ts";
import type { HeldTask } from "./with_task.ts";

const HISTORY_FILE = "prompt-history.txt";
/** Follows each prompt of the history. */
const RULE = "\n\n---\n\n";
const HISTORY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Archives the old prompt, writes the new one and starts the same container again. Errors:
 * `never_ran`, `wrong_state` (another mode, still running), `container_absent`.
 */
export async function followupTask(
  carrel: Carrel,
  ref: TaskRef,
  prompt: string,
  request: WaitOptions = {},
  options: MutationOptions = {},
): Promise<Operation> {
  const { op } = await mutateTask(carrel, { verb: "task followup", ref }, options, async (op, task) => {
    const container = await findContainer(carrel, task);
    refuseUnfit(task, container);
    await checkStart(carrel, task);
    await checkSession(carrel, task.record);
    await holdResources(carrel, op, startHolder(task, container, false), request);
    await noteStart(op, container);
    await op.note({ history_length: (await readHistory(carrel, task)).length });
    await op.step("archive prompt", task.address, () => archivePrompt(carrel, task));
    await op.step("write prompt", task.address, () => writePrompt(carrel, task, prompt));
    await startContainer(carrel, op, task, container);
    return {};
  });
  return op;
}

function refuseUnfit(
  task: HeldTask,
  { mode, status, isMoved }: LaunchedContainer,
): void {
  if (task.record.mode === null) throw neverRan(task.address);
  if (mode !== "run") {
    throw new AppError("wrong_state", `task ${task.address} runs in mode ${mode}; followup is for mode run`, {
      hint: `log in with \`carrel task login ${task.address}\``,
    });
  }
  if (status === null) {
    throw new AppError("container_absent", `the container of task ${task.address} is gone`, {
      hint: `make it again with \`carrel task restart --recreate ${task.address}\``,
    });
  }
  if (isActive(status)) {
    throw new AppError("wrong_state", `task ${task.address} is still running`, {
      hint: `wait for it with \`carrel task wait ${task.address}\``,
    });
  }
  if (isMoved) {
    throw new AppError("wrong_state", `the container of task ${task.address} was made under another root`, {
      hint: `make it again with \`carrel task restart --recreate ${task.address}\``,
    });
  }
}

/** Appends the current prompt to the history, each followed by a rule. */
async function archivePrompt(carrel: Carrel, task: HeldTask): Promise<void> {
  const old = await readOwnFile(carrel, task, PROMPT_FILE);
  if (old === null) return;
  const history = await readHistory(carrel, task);
  await writeAgentFile(carrel, task, HISTORY_FILE, `${history}${old}${RULE}`, 0o644);
}

/** What followups have archived so far. */
async function readHistory(carrel: Carrel, task: HeldTask): Promise<string> {
  return await readOwnFile(carrel, task, HISTORY_FILE) ?? "";
}

/** Puts the prompt back that was archived since the history had that length. */
export async function restorePrompt(carrel: Carrel, task: HeldTask, historyLength: number): Promise<void> {
  const history = await readHistory(carrel, task);
  if (history.length <= historyLength || !history.endsWith(RULE)) return;
  await writePrompt(carrel, task, history.slice(historyLength, -RULE.length));
  await writeAgentFile(carrel, task, HISTORY_FILE, history.slice(0, historyLength), 0o644);
}

/** These files lie where the task can write: read without following links, and only up to a limit. */
async function readOwnFile({ host }: Carrel, { taskDir }: HeldTask, name: string): Promise<string | null> {
  const dir = await findAgentDir(host, taskDir);
  if (dir === null) return null;
  try {
    return await host.files.readText(join(dir, name), { untrusted: true, maxBytes: HISTORY_BYTES_MAX });
  } catch (error) {
    if (isAppError(error, "file_not_found", "permission_denied")) return null;
    throw error;
  }
}
