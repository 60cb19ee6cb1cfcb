/**
 * Settles `escalation resolve`: a decision that is in the state store is left for the agent too.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { listDecisions } from "../query/decisions.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { writeDecision } from "./resolve_escalation.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";

/** See the module. */
export async function settleEscalation(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const found = await findSettlingTask(carrel, unfinished);
  if (found === null) return UNDONE;
  const address = `${found.ref.project}/${found.ref.id}`;
  const decisions = await listDecisions(await carrel.state(), address);
  const made = decisions.find(({ op }) => op === unfinished.op);
  if (made === undefined) return UNDONE;
  const { decision, request, decided_at } = made;
  if (found.task !== null) await writeDecision(carrel, found.task, made);
  return { kind: "finished", result: { decision, request, decided_at } };
}
