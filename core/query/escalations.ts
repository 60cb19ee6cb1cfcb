/**
 * Questions of tasks and the decisions on them, for lists.
 *
 * @module
 */
import { isProjectId, type ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import type { EscalationDecision, EscalationRequest } from "../state/contracts/escalation.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import type { TaskRef } from "./find_task.ts";
import { objectOf } from "./operations.ts";
import type { Question } from "./question.ts";

/** The event of a question in the audit, in the flow of the task that asks; it keeps what the agent proposed. */
export const REQUEST_EVENT = "escalation.requested";

/** A question in a list, waiting or decided. */
export interface EscalationView {
  readonly project_id: ProjectId;
  readonly task_id: TaskId;
  readonly request: string;
  readonly agent: string;
  /** Null where only the decision is still known; so are the next two. */
  readonly reason: string | null;
  readonly impact: string | null;
  readonly asked_at: string | null;
  /** Null while it waits; so is the next one. */
  readonly decision: string | null;
  readonly decided_at: string | null;
}

/** A question that waits. */
export function toWaitingView({ project, id }: TaskRef, question: Question): EscalationView {
  const { request, agent, reason, impact, asked_at } = question;
  return {
    project_id: project,
    task_id: id,
    request,
    agent,
    reason,
    impact,
    asked_at,
    decision: null,
    decided_at: null,
  };
}

/** The latest question of a task, waiting or not; null when it has asked none that was heeded. */
export async function findLastQuestion(
  state: Pick<StorageBundle, "escalation" | "decisionAudit"> | null,
  address: string,
): Promise<Question | null> {
  const latest = await state?.escalation.getRequest(address) ?? null;
  if (state === null || latest === null) return null;
  const { request_id, agent_id: agent, reason, context, impact, created_at: asked_at } = latest;
  const proposal = await askedProposal(state, latest);
  return { request: request_id ?? "", agent, reason, context, proposal, impact, asked_at };
}

/** What the agent proposed. The row has what was decided instead, once it is; the audit may have been pruned. */
async function askedProposal(
  { decisionAudit }: Pick<StorageBundle, "decisionAudit">,
  { dfid, request_id, proposal }: EscalationRequest,
): Promise<JsonValue> {
  const asked = (await decisionAudit.eventsForDfid(dfid)).findLast(({ event, details }) =>
    event === REQUEST_EVENT && objectOf(details)["request"] === request_id
  );
  return objectOf(asked?.details ?? null)["proposal"] ?? proposal;
}

/** What was decided on tasks' questions, of one project or of all, in the order of deciding. */
export async function listDecided(
  state: Pick<StorageBundle, "escalation"> | null,
  project: ProjectId | null,
): Promise<EscalationView[]> {
  const views: EscalationView[] = [];
  for (const decision of await state?.escalation.getDecisions() ?? []) {
    const ref = parseFlow(decision.dfid);
    if (ref === null || (project !== null && ref.project !== project)) continue;
    views.push(toDecidedView(ref, decision, await state?.escalation.getRequest(decision.dfid) ?? null));
  }
  return views;
}

function toDecidedView(
  { project, id }: TaskRef,
  { request_id, agent_id, decision, resolved_at }: EscalationDecision,
  latest: EscalationRequest | null,
): EscalationView {
  // Of a flow's questions the store keeps the latest one whole.
  const question = latest?.request_id === request_id ? latest : null;
  return {
    project_id: project,
    task_id: id,
    request: request_id ?? "",
    agent: agent_id,
    reason: question?.reason ?? null,
    impact: question?.impact ?? null,
    asked_at: question?.created_at ?? null,
    decision,
    decided_at: resolved_at,
  };
}

/** The task whose flow this is; null for flows of other programs. */
function parseFlow(dfid: string): TaskRef | null {
  const [project = "", id = "", ...more] = dfid.split("/");
  return more.length === 0 && isProjectId(project) && isTaskId(id) ? { project, id } : null;
}
