/**
 * Settling what a dead process left: an operation that was begun and not ended is finished or undone, once.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskRef } from "../query/find_task.ts";
import { nameOperation } from "../query/name_operation.ts";
import {
  listUnfinished,
  OPERATION_EVENTS,
  type OperationFacts,
  readBeginning,
  type UnfinishedOperation,
} from "../query/operations.ts";
import { isFinalFlowStatus, isFlowStatus } from "../state/managers/flow_status.ts";
import { SagaCompensation } from "../state/managers/saga_compensation.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { lockTask } from "./with_task.ts";

/** How an operation was settled. */
export type Settlement =
  /** It was carried to its end; its result is what its verb would have given. */
  | { readonly kind: "finished"; readonly result: object }
  /** Nothing of it is left. */
  | { readonly kind: "undone" }
  /** Nobody can tell how far it came: what it has done stands, and doing it again completes it. */
  | { readonly kind: "abandoned" };

/** Nothing of it is left, and nothing is to be told of it. */
export const UNDONE: Settlement = { kind: "undone" };

const ABANDONED: Settlement = { kind: "abandoned" };

/**
 * For whom an operation is settled: a command on its task, which wants to find it, or whoever wants the operation
 * itself to be done with (the same request again, `doctor`).
 */
export type Purpose = "task" | "operation";

/** Finishes or undoes an operation; the caller of {@linkcode settleOperation} holds the lock of its task. */
export type Settler = (
  carrel: Carrel,
  unfinished: UnfinishedOperation,
  purpose: Purpose,
) => Promise<Settlement>;

/** An operation and how it was settled. */
export interface Settled {
  readonly unfinished: UnfinishedOperation;
  readonly settlement: Settlement;
}

/**
 * Settles what was left of a task. The caller holds its lock, so nobody can be at it. What cannot be settled
 * now (its runtime does not answer) is named in a warning and stays.
 */
export async function settleTask(
  carrel: Carrel,
  { project, id }: TaskRef,
  { urgent = false }: { readonly urgent?: boolean } = {},
): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (const unfinished of await listLeft(carrel, urgent)) {
    if (unfinished.project !== project || unfinished.task !== id) continue;
    try {
      const settlement = await settleOperation(carrel, unfinished, "task");
      if (settlement !== null) settled.push({ unfinished, settlement });
    } catch (error) {
      if (!isAppError(error)) throw error;
      const text = `${nameOperation(unfinished)} was interrupted and cannot be settled now: ${error.message}`;
      carrel.notify({ kind: "warning", text });
    }
  }
  return settled;
}

/** What is urgent does not wait for a store that cannot be used: it is settled later. */
async function listLeft(carrel: Carrel, urgent: boolean): Promise<readonly UnfinishedOperation[]> {
  try {
    return await listUnfinished(await carrel.state());
  } catch (error) {
    if (urgent && isAppError(error)) return [];
    throw error;
  }
}

/** Settles what was left of all tasks of a project, each under its lock. */
export async function settleProject(carrel: Carrel, project: ProjectId): Promise<void> {
  const left = await listUnfinished(await carrel.state());
  const ids = new Set(left.flatMap((op) => op.project === project && op.task !== null ? [op.task] : []));
  for (const id of ids) await lockTask(carrel, { project, id }, () => settleTask(carrel, { project, id }));
}

/**
 * Settles an operation whose process is known to be dead, under the lock of its task, and says so; one that has
 * begun no step has nothing to undo. Null when it has ended already.
 */
export async function settleById(carrel: Carrel, op: string): Promise<Settlement | null> {
  const state = await carrel.state();
  const unfinished = (await listUnfinished(state)).find((candidate) => candidate.op === op);
  if (unfinished === undefined) return await settleUnbegun(carrel, state, op);
  const { project, task } = unfinished;
  const settle = () => settleOperation(carrel, unfinished, "operation");
  if (project !== null && task !== null) return await lockTask(carrel, { project, id: task }, settle);
  // Nobody works under this lock for long, and what has no task is settled seldom.
  const { host: { files }, paths, lockTimeoutMs } = carrel;
  await using _lock = await files.lock(paths.projectsLock, { timeoutMs: lockTimeoutMs });
  return await settle();
}

async function settleUnbegun(carrel: Carrel, state: StorageBundle, op: string): Promise<Settlement | null> {
  if (!await end(state, op, UNDONE)) return null;
  const begun = readBeginning(await state.decisionAudit.eventsForDfid(op));
  if (begun !== null) say(carrel, begun, UNDONE);
  return UNDONE;
}

/** Settles an operation, whose lock the caller holds, and says so; null when it has ended already. */
export async function settleOperation(
  carrel: Carrel,
  unfinished: UnfinishedOperation,
  purpose: Purpose,
): Promise<Settlement | null> {
  const state = await carrel.state();
  const { op, verb } = unfinished;
  let settlement: Settlement | null = null;
  const saga = new SagaCompensation({
    storage: state.saga,
    clock: carrel.host.clock,
    random: carrel.host.random,
    revertCallback: async () => {
      if (await hasEnded(state, op)) return true;
      const { SETTLERS } = await import("./settlers.ts");
      const settle = SETTLERS[verb] ?? (() => ABANDONED);
      const outcome = await settle(carrel, unfinished, purpose);
      await end(state, op, outcome);
      settlement = outcome;
      return true;
    },
  });
  // Nobody else can be at it, for the lock is held: who has claimed it before has died over it.
  await saga.executeCompensation(op, "REVERT", { alone: true });
  if (settlement !== null) say(carrel, unfinished, settlement);
  return settlement;
}

/** Whether an operation stands as closed or aborted by now. */
export async function hasEnded(
  { lifecycle }: Pick<StorageBundle, "lifecycle">,
  op: string,
): Promise<boolean> {
  const status = await lifecycle.getStatus(op);
  return status !== null && isFlowStatus(status) && isFinalFlowStatus(status);
}

/** CLOSED or ABORTED, from wherever its process died; false when it has ended already. */
async function end({ lifecycle }: StorageBundle, op: string, settlement: Settlement): Promise<boolean> {
  const finished = settlement.kind === "finished";
  const to = finished ? "CLOSED" : "ABORTED";
  const details = finished ? { changed: true, result: settlement.result } : { [settlement.kind]: true };
  const audit = { dfid: op, event: OPERATION_EVENTS.settled, state: to, details };
  if (finished) await lifecycle.transitionIf(op, "CREATED", "ACTIVE");
  for (const from of ["ACTIVE", "CREATED"]) {
    const { moved } = await lifecycle.transitionIf(op, from, to, { along: { audit, clean: op } });
    if (moved) return true;
  }
  return false;
}

function say({ notify }: Carrel, unfinished: OperationFacts, { kind }: Settlement): void {
  const how = kind === "abandoned"
    ? "what it had done stands, doing it again completes it"
    : `it is ${kind} now`;
  notify({ kind: "notice", text: `${nameOperation(unfinished)} was interrupted; ${how}` });
}
