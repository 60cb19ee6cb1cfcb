/**
 * `task stop`: ends a task's container, with time to finish.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { RecordChanges } from "../meta/record_store.ts";
import { formatTimestamp } from "../meta/time.ts";
import type { TaskRef } from "../query/find_task.ts";
import {
  findContainerAnyhow,
  isActive,
  type LaunchedContainer,
  lookAgain,
} from "../query/launched_container.ts";
import { endFacts, endIsRecorded } from "../query/live_states.ts";
import { mutateTask } from "./mutate_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { withReserve } from "./reserve.ts";
import type { HeldTask } from "./with_task.ts";

/** How to stop. */
export interface StopRequest {
  /** Seconds between the request to end and the kill; default: `run.shutdown_timeout`. */
  readonly timeoutS?: number | null;
}

/**
 * Stops a task. One that does not run, or never did, is left as it is. A configuration that cannot be read is in
 * the way only if it must tell where the container is. Errors: exit 9.
 */
export async function stopTask(
  carrel: Carrel,
  ref: TaskRef,
  request: StopRequest = {},
  options: MutationOptions = {},
): Promise<Operation> {
  const timeoutS = request.timeoutS ?? null;
  const args = timeoutS === null ? {} : { timeout: timeoutS };
  const deed = { verb: "task stop", ref, args, urgent: true };
  const { op } = await mutateTask(carrel, deed, options, async (op, task) => {
    if (task.record.mode === null) return {};
    await stopContainer(carrel, op, task, await findContainerAnyhow(carrel, task), timeoutS);
    return {};
  });
  return op;
}

/** What a record says of a task that carrel stopped: its container's exit code is not the task's own. */
export function stoppedNow({ host }: Pick<Carrel, "host">): RecordChanges {
  return { stopped_at: formatTimestamp(host.clock.nowMicros()), exit_code: null, exit_reason: "stopped" };
}

/** What a record says of a task that was not stopped after all. */
export const RUNS_ON: RecordChanges = { stopped_at: undefined, exit_reason: undefined };

/** Stops a container if it runs, and records that carrel did. The caller holds the task's lock. */
export async function stopContainer(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  container: LaunchedContainer,
  timeoutS: number | null,
): Promise<void> {
  if (!isActive(container.status)) {
    const end = container.status?.exit ?? null;
    if (end !== null && !endIsRecorded(task.record) && !op.dryRun) {
      // Left unsaid it is for the next who sees it: it must keep no stop and no purge from a full disk.
      await saidOnFullDisk(() => withReserve(carrel, () => task.update({ ...endFacts(end) })));
    }
    return;
  }
  const graceMs = 1000 * (timeoutS ?? task.project.config.getOrDefault("run.shutdown_timeout"));
  await op.step("stop container", container.name, async () => {
    // Said before it is done: whoever sees the container ended must not take it for the task's own end.
    const isSaid = await saidOnFullDisk(() => task.update(stoppedNow(carrel)));
    try {
      await container.runtime.stop(container.name, { graceMs });
    } catch (error) {
      // A call that failed may have had its effect all the same.
      const status = isAppError(error) ? await lookAgain(container) : undefined;
      if (status !== undefined && isActive(status)) await task.update(RUNS_ON);
      throw error;
    }
    if (isSaid) return;
    // What was in the way may have ended with the task. The reserve is given only now: a task that fills the
    // disk would have taken it.
    const say = () => withReserve(carrel, () => task.update(stoppedNow(carrel)));
    if (!await saidOnFullDisk(say)) {
      const text = `task ${task.address} is stopped, but the disk is full and its record does not say so`;
      carrel.notify({ kind: "warning", text });
    }
  });
}

/** Whether a record could be written; a full disk must not keep a task that fills it from ending. */
async function saidOnFullDisk(say: () => Promise<void>): Promise<boolean> {
  try {
    await say();
    return true;
  } catch (error) {
    if (isAppError(error, "disk_full")) return false;
    throw error;
  }
}
