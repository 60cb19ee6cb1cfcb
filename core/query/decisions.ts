/**
 * What people have decided, as the state store keeps it.
 *
 * @module
 */
import type { Decision } from "../meta/escalation.ts";
import type { AuditEvent } from "../state/contracts/decision_audit.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { asYamlMap } from "../yaml/yaml_value.ts";
import { objectOf } from "./operations.ts";

/** The event of a decision in the audit, in the flow of the task that asked. */
export const DECISION_EVENT = "escalation.resolved";

/** A decision, and the operation that made it. */
export interface RecordedDecision extends Decision {
  readonly op: string;
}

/** The decisions on a task's questions, in the order of deciding. */
export async function listDecisions(
  state: Pick<StorageBundle, "decisionAudit"> | null,
  address: string,
): Promise<RecordedDecision[]> {
  const events = await state?.decisionAudit.eventsForDfid(address) ?? [];
  return events.filter(({ event }) => event === DECISION_EVENT).map(toDecision);
}

/** Sound because only the verb that decides writes such events. */
function toDecision({ details, timestamp }: AuditEvent): RecordedDecision {
  const { op, decision, request, proposal, note, decided_at } = objectOf(details);
  return {
    op: typeof op === "string" ? op : "",
    decision: typeof decision === "string" ? decision : "",
    request: typeof request === "string" ? request : "",
    proposal: asYamlMap(proposal ?? null),
    note: typeof note === "string" ? note : null,
    decided_at: typeof decided_at === "string" ? decided_at : timestamp,
  };
}
