/**
 * Looking at what nobody is at: what is half-way because somebody works on it is no trouble.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { AppError, isAppError } from "../../error.ts";
import { formatAddress } from "../../identity/address.ts";
import type { FileLock } from "../../port/host.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { listUnfinished } from "../../query/operations.ts";
import { settleTask } from "../settle_operation.ts";
import { lockTask } from "../with_task.ts";
import { usableState } from "./state_store.ts";

/**
 * Looks at a task while nobody can change it. Null when somebody is at it, or an operation on it has not ended:
 * then that is what is to be told. A lock that nobody ever took is not made.
 */
export async function lookAtQuiet<Seen>(
  carrel: Carrel,
  ref: TaskRef,
  look: () => Promise<Seen | null>,
): Promise<Seen | null> {
  return await whileUnlocked(carrel, carrel.paths.taskLock(ref.project, ref.id), async () => {
    return await hasUnfinished(carrel, ref) ? null : await look();
  });
}

/** Looks while holding a lock that is free; null when somebody holds it. */
export async function whileUnlocked<Seen>(
  { host: { files } }: Carrel,
  path: string,
  look: () => Promise<Seen | null>,
): Promise<Seen | null> {
  let lock: FileLock | null = null;
  try {
    if (await files.info(path) !== null) lock = await files.lock(path, { timeoutMs: 0 });
  } catch (error) {
    if (isAppError(error, "lock_timeout")) return null;
    // Who may not take it may still look.
    if (!isAppError(error)) throw error;
  }
  try {
    return await look();
  } finally {
    await lock?.release();
  }
}

/** Puts something right under the lock of its task, once what was interrupted there is settled. */
export async function repairQuiet(
  carrel: Carrel,
  ref: TaskRef,
  repair: () => Promise<string>,
): Promise<string> {
  return await lockTask(carrel, ref, async () => {
    await settleTask(carrel, ref, { urgent: true });
    if (!await hasUnfinished(carrel, ref)) return await repair();
    const address = formatAddress(ref.project, ref.id);
    throw new AppError("wrong_state", `an operation on ${address} was interrupted and is not settled`);
  });
}

async function hasUnfinished(carrel: Carrel, { project, id }: TaskRef): Promise<boolean> {
  const state = await usableState(carrel);
  if (state === null) return false;
  return (await listUnfinished(state)).some((op) => op.project === project && op.task === id);
}

/** What a repair answers that finds nothing left to do. */
export const RIGHT_ALREADY = "right already";
