/**
 * Judges what a task asks of people, and takes the token of its agent's budget at the first sight of it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { ESCALATION_FILE } from "../meta/escalation.ts";
import { REQUEST_EVENT } from "../query/escalations.ts";
import { findQuestion, type FoundQuestion } from "../query/find_question.ts";
import { type Asked, NOTHING_ASKED, type Question } from "../query/question.ts";
import type { StoredTask } from "../query/stored_task.ts";
import { EscalationManager } from "../state/managers/escalation_manager.ts";
import { formatStamp } from "../state/stamp.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { isSessionToken } from "./agent_session.ts";

/** A question, and the task that asks it. */
interface AskedHere extends FoundQuestion {
  readonly task: StoredTask;
  /** `PROJECT/TASK`, the flow of its questions in the state store. */
  readonly address: string;
  /** Whose budget it uses: an agent's only if the task has to prove that it speaks for it. */
  readonly agent: string;
}

/**
 * The question of a task that waits for a decision. One that was decided is asked no more, however often its
 * file is written again; a new one must prove whose it is and lie within the agent's budget.
 *
 * A dry run judges without taking a token or making a store. Throws when the state store cannot be used.
 */
export async function readQuestion(
  carrel: Carrel,
  task: StoredTask,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Asked> {
  const { project, record } = task;
  const address = `${project.id}/${record.task_id}`;
  const found = await findQuestion(carrel, task);
  if (found === null) return NOTHING_ASKED;
  if (typeof found === "string") return unheeded(address, found);
  const agent = record.agent_session === null ? address : record.agent ?? address;
  const asked = { ...found, task, address, agent };
  const state = dryRun ? await carrel.existingState() : await carrel.state();
  const known = state === null ? null : await findKnown(state, asked);
  if (known === "decided") return NOTHING_ASKED;
  const problem = known === "waits"
    ? null
    : tokenProblem(asked) ?? await (dryRun ? foresee(carrel, asked) : ask(carrel, asked));
  return problem === null ? { question: toQuestion(asked), problem } : unheeded(address, problem);
}

/** What became of a question that was heeded before. Its file has not changed since: it has proved itself. */
async function findKnown(
  { escalation }: StorageBundle,
  { address, request }: AskedHere,
): Promise<"waits" | "decided" | null> {
  const latest = await escalation.getRequest(address);
  if (latest?.request_id === request) return latest.status === "PENDING" ? "waits" : "decided";
  const decisions = await escalation.getDecisions(address);
  return decisions.some(({ request_id }) => request_id === request) ? "decided" : null;
}

function tokenProblem({ task: { record }, escalation: { token } }: AskedHere): string | null {
  if (record.agent_session === null) return null;
  if (token === null) return "its token is missing; agent-config/agent.token holds it";
  return isSessionToken(record, token) ? null : "its token is not the one in agent-config/agent.token";
}

/** How often an agent may ask, and when it has asked as far as that goes. */
function budgetOf({ clock }: Carrel["host"], { task: { project }, writtenAt }: AskedHere) {
  const max = project.config.getOrDefault("run.escalations.max");
  const windowS = project.config.getOrDefault("run.escalations.window");
  const tooOften = `it asks more often than run.escalations allows: ${max} times in ${windowS} s`;
  // Not before the window that ends now: else an agent could use up the budgets of the past at once.
  const atMicros = Math.max(writtenAt, clock.nowMicros() - windowS * 1e6);
  return { max, windowS, tooOften, atMicros };
}

/** Whether the budget allows it; otherwise the answer is why not. */
async function foresee(carrel: Carrel, asked: AskedHere): Promise<string | null> {
  const { max, windowS, tooOften, atMicros } = budgetOf(carrel.host, asked);
  const since = formatStamp(Math.max(0, atMicros - windowS * 1e6));
  const count = await (await carrel.existingState())?.escalation.getWindowCount(asked.agent, since) ?? 0;
  return count < max ? null : tooOften;
}

/** Asks, if the budget allows it; otherwise the answer is why not. */
async function ask(carrel: Carrel, asked: AskedHere): Promise<string | null> {
  const { clock, random } = carrel.host;
  const { escalation: storage } = await carrel.state();
  const { task: { project, record }, address, agent, request, escalation } = asked;
  const { max, windowS, tooOften, atMicros } = budgetOf(carrel.host, asked);
  const manager = new EscalationManager({
    storage,
    clock,
    random,
    maxEscalationsPerHour: max,
    refillIntervalSec: windowS,
  });
  const { reason, context, proposal, impact } = escalation;
  const details = { project: project.id, task: record.task_id, request, agent, impact, proposal };
  const options = {
    requestId: request,
    atMicros,
    audit: { dfid: address, event: REQUEST_EVENT, details },
  };
  try {
    const answer = await manager.requestEscalation(
      address,
      agent,
      reason,
      context,
      proposal,
      impact,
      options,
    );
    return answer === "GRANTED" ? null : tooOften;
  } catch (error) {
    // Such as half a character: nothing that could be kept.
    if (isAppError(error, "invalid_value")) return error.message;
    throw error;
  }
}

function toQuestion({ request, agent, escalation, writtenAt }: AskedHere): Question {
  const { reason, context, proposal, impact } = escalation;
  return { request, agent, reason, context, proposal, impact, asked_at: formatStamp(writtenAt) };
}

function unheeded(address: string, problem: string): Asked {
  return { question: null, problem: `${ESCALATION_FILE} of task ${address} is not heeded: ${problem}` };
}
