/**
 * Settles `task start`, `task restart` and `task followup`: what has started goes on; else the record says
 * again how the last run ended.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { findContainer, isActive } from "../query/launched_container.ts";
import { type JsonObject, objectOf, type UnfinishedOperation } from "../query/operations.ts";
import type { RecordChanges } from "../meta/record_store.ts";
import { restorePrompt } from "./followup_task.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";
import { RUNS_ON } from "./stop_task.ts";

/** See the module. A restart that died after its stop leaves the task stopped. */
export async function settleStart(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const task = (await findSettlingTask(carrel, unfinished))?.task ?? null;
  if (task === null || task.record.mode === null) return UNDONE;
  const { status } = await findContainer(carrel, task);
  if (isStartedSince(status?.startedAtMicros ?? null, unfinished)) {
    await task.update(isActive(status) ? RUNS_ON : { ...RUNS_ON, exit_code: null });
    return { kind: "finished", result: {} };
  }
  const { history_length } = unfinished.notes;
  if (typeof history_length === "number") await restorePrompt(carrel, task, history_length);
  const lastEnd = unfinished.notes["last_end"];
  // The container still runs: the stop of a restart had not come to it.
  if (isActive(status)) await task.update(RUNS_ON);
  else if (lastEnd !== undefined) await task.update(endOf(objectOf(lastEnd)));
  return UNDONE;
}

function isStartedSince(startedAtMicros: number | null, { notes }: UnfinishedOperation): boolean {
  return startedAtMicros !== null && startedAtMicros !== notes["started_at"];
}

function endOf({ op, exit_code, exit_reason, stopped_at }: JsonObject): RecordChanges {
  const known = (value: JsonObject[string] | undefined) => typeof value === "string" ? value : undefined;
  return {
    op: known(op),
    exit_code: typeof exit_code === "number" ? exit_code : null,
    exit_reason: known(exit_reason),
    stopped_at: known(stopped_at),
  };
}
