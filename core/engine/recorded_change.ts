/**
 * Changes that are one write in the state store: the event that is written in their transaction tells whether
 * they happened.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { objectOf, type UnfinishedOperation } from "../query/operations.ts";
import type { NewAuditEvent } from "../state/contracts/decision_audit.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { Operation } from "./operation.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";

type Facts = Readonly<Record<string, JsonValue>>;

/** The event of a change: what its verb gives, and further facts. */
export function changeEvent(op: Operation, event: string, result: Facts, facts: Facts = {}): NewAuditEvent {
  return { dfid: op.id, event, state: "ACTIVE", details: { ...facts, ...result, result } };
}

/** Settles a verb whose one change was written with its {@linkcode changeEvent}. */
export async function settleRecorded(carrel: Carrel, { op }: UnfinishedOperation): Promise<Settlement> {
  const { decisionAudit } = await carrel.state();
  for (const { event, details } of await decisionAudit.eventsForDfid(op)) {
    const { result } = objectOf(details);
    if (event.startsWith("operation.") || result === undefined) continue;
    return { kind: "finished", result: objectOf(result) };
  }
  return UNDONE;
}
