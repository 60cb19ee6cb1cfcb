/**
 * Questions of tasks and the decisions on them, for lists.
 *
 * @module
 */
import { isProjectId, type ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import type { EscalationDecision } from "../state/contracts/escalation.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import type { TaskRef } from "./find_task.ts";
import type { Question } from "./question.ts";

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
  state: Pick<StorageBundle, "escalation"> | null,
  address: string,
): Promise<Question | null> {
  const latest = await state?.escalation.getRequest(address) ?? null;
  if (latest === null) return null;
  const { request_id, agent_id: agent, reason, context, proposal, impact, created_at: asked_at } = latest;
  return { request: request_id ?? "", agent, reason, context, proposal, impact, asked_at };
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
    views.push(toDecidedView(ref, decision, await findLastQuestion(state, decision.dfid)));
  }
  return views;
}

function toDecidedView(
  { project, id }: TaskRef,
  { request_id, agent_id, decision, resolved_at }: EscalationDecision,
  latest: Question | null,
): EscalationView {
  // Of a flow's questions the store keeps the latest one whole.
  const question = latest?.request === request_id ? latest : null;
  return {
    project_id: project,
    task_id: id,
    request: request_id ?? "",
    agent: agent_id,
    reason: question?.reason ?? null,
    impact: question?.impact ?? null,
    asked_at: question?.asked_at ?? null,
    decision,
    decided_at: resolved_at,
  };
}

/** The task whose flow this is; null for flows of other programs. */
function parseFlow(dfid: string): TaskRef | null {
  const [project = "", id = "", ...more] = dfid.split("/");
  return more.length === 0 && isProjectId(project) && isTaskId(id) ? { project, id } : null;
}
