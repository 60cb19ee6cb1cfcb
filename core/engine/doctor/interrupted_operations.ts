/**
 * Operations that were begun and not ended, and whose process is gone.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { formatAddress } from "../../identity/address.ts";
import { type JudgedOperation, judgeUnfinished } from "../../query/judge_unfinished.ts";
import { nameOperation } from "../../query/name_operation.ts";
import { hasEnded, settleById } from "../settle_operation.ts";
import type { StorageBundle } from "../../state/storage_bundle.ts";
import type { Diagnosis } from "./finding.ts";
import { unlessDamaged, usableState } from "./state_store.ts";

/** See the module. One that cannot be judged from here is only mentioned: it may well be under way. */
export async function interruptedOperations(carrel: Carrel): Promise<Diagnosis[]> {
  const state = await usableState(carrel);
  if (state === null) return [];
  const left = await unlessDamaged(judgeUnfinished(carrel.host, state), []);
  for (const operation of left.filter(({ verdict }) => verdict === "unknown")) {
    const text = `${nameOperation(operation)} has not ended, and it cannot be told from here whether its ` +
      `process lives; \`carrel saga compensate ${operation.op}\` settles it`;
    carrel.notify({ kind: "notice", text });
  }
  const gone = left.filter(({ verdict }) => verdict === "gone");
  // Who has ended while it was looked at was not interrupted.
  const over = await Promise.all(gone.map(({ op }) => isOver(state, op)));
  return gone.filter((_, index) => over[index] !== true).map((operation) => ({
    code: "interrupted_operation",
    what: `${nameOperation(operation)} was interrupted ${moment(operation)}`,
    where: placeOf(operation),
    fix: operation.step === null ? "close its record: nothing was changed" : "finish or undo it",
    repair: async () => (await settleById(carrel, operation.op))?.kind ?? "settled already",
  }));
}

async function isOver(state: StorageBundle, op: string): Promise<boolean> {
  return await hasEnded(state, op) && await state.saga.getDirtyState(op) === null;
}

function moment({ step }: JudgedOperation): string {
  return step === null ? "before its first step" : `at the step "${step}"`;
}

function placeOf({ op, project, task }: JudgedOperation): string {
  if (project === null) return `operation ${op}`;
  return task === null ? project : formatAddress(project, task);
}
