/**
 * `escalation resolve`: a person's decision on what a task asks.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { type Decision, DECISION_FILE, encodeDecision } from "../meta/escalation.ts";
import { DECISION_EVENT, listDecisions } from "../query/decisions.ts";
import { findQuestion } from "../query/find_question.ts";
import type { TaskRef } from "../query/find_task.ts";
import { agentPath, readAgentFile } from "../query/agent_dir.ts";
import { dumpsJsonDict } from "../state/json_dialect.ts";
import type { EscalationDecisionWord } from "../state/managers/escalation_manager.ts";
import { formatStamp } from "../state/stamp.ts";
import { sameYamlValue, type YamlMap } from "../yaml/yaml_value.ts";
import { writeAgentFile } from "./agent_file.ts";
import { mutateTask } from "./mutate_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import type { Performed } from "./perform.ts";
import { readQuestion } from "./read_question.ts";
import { type HeldTask, refuseDeleting } from "./with_task.ts";

/** What a person decides. */
export interface ResolveRequest {
  readonly decision: EscalationDecisionWord;
  /** What is to be done instead of what the agent proposes; default: nothing is said. */
  readonly proposal?: YamlMap | null;
  /** Words for the agent. */
  readonly note?: string | null;
  /** The question that was read (or the beginning of its hash): another one is not decided. */
  readonly expected?: string | null;
}

/** What was decided, and on which question. */
export type Resolution = Pick<Decision, "decision" | "request" | "decided_at">;

/**
 * Stores a decision on the question that a task asks now, and leaves it where the task's agent finds it. A
 * decision that could be stored but not left there is left by the same call again. Errors: `wrong_state`
 * (nothing is asked), `conflict` (another question than the one that was read).
 */
export async function resolveEscalation(
  carrel: Carrel,
  ref: TaskRef,
  request: ResolveRequest,
  options: MutationOptions = {},
): Promise<Performed<Resolution>> {
  const { decision, proposal = null, note = null, expected = null } = request;
  const { clock } = carrel.host;
  const args = { decision, proposal, note, request: expected };
  return await mutateTask(carrel, { verb: "escalation resolve", ref, args }, options, async (op, task) => {
    refuseDeleting(task);
    const { question, problem } = await readQuestion(carrel, task, { dryRun: op.dryRun });
    if (question !== null && !isExpected(question, expected)) throw otherQuestion(task.address);
    const made: Decision | null = question === null
      ? await findUndelivered(carrel, task, request)
      : { decision, request: question.request, proposal, note, decided_at: formatStamp(clock.nowMicros()) };
    if (made === null) throw nothingAsked(problem ?? `task ${task.address} asks nothing`);
    if (question !== null) {
      await op.step("store decision", task.address, () => storeDecision(carrel, op, task, made));
    }
    await op.step(
      "write decision",
      await agentPath(carrel.host, task.taskDir, DECISION_FILE),
      () => writeDecision(carrel, task, made),
    );
    return { decision, request: made.request, decided_at: made.decided_at };
  });
}

/** Leaves a decision where the task's agent finds it. */
export async function writeDecision(carrel: Carrel, task: HeldTask, decision: Decision): Promise<void> {
  await writeAgentFile(carrel, task, DECISION_FILE, encodeDecision(decision), 0o644);
}

/** The same decision on the same question, if it is stored but is not where the agent looks. */
async function findUndelivered(
  carrel: Carrel,
  task: HeldTask,
  { decision, proposal = null, note = null, expected = null }: ResolveRequest,
): Promise<Decision | null> {
  const state = await carrel.existingState();
  const made = state === null ? undefined : (await listDecisions(state, task.address)).at(-1);
  const found = await findQuestion(carrel, task);
  if (made === undefined || found === null || typeof found === "string") return null;
  const isSame = made.request === found.request && isExpected(made, expected) && made.decision === decision &&
    made.note === note && sameYamlValue(made.proposal, proposal);
  if (!isSame || await readAgentFile(carrel.host, task.taskDir, DECISION_FILE) === encodeDecision(made)) {
    return null;
  }
  return made;
}

function isExpected({ request }: Pick<Decision, "request">, expected: string | null): boolean {
  return expected === null || request.startsWith(expected);
}

/** In the flow's audit too, in the same transaction; an agent that asks something else meanwhile is not answered. */
async function storeDecision(carrel: Carrel, op: Operation, task: HeldTask, made: Decision): Promise<void> {
  const { address, ref } = task;
  const { decision, request, proposal, decided_at } = made;
  const details = { op: op.id, project: ref.project, task: ref.id, ...made };
  const audit = { dfid: address, event: DECISION_EVENT, details };
  const { escalation } = await carrel.state();
  const proposalJson = proposal === null
    ? null
    : dumpsJsonDict(proposal, { sortKeys: false, allowNan: false });
  const options = { requestId: request, along: { audit } };
  if (await escalation.resolveRequest(address, decided_at, decision, proposalJson, options)) return;
  throw otherQuestion(address);
}

function nothingAsked(message: string): AppError {
  return new AppError("wrong_state", message, {
    hint: "`carrel escalation list` shows what waits for a decision",
  });
}

function otherQuestion(address: string): AppError {
  return new AppError("conflict", `task ${address} asks something else by now`, {
    hint: `read it with \`carrel escalation show ${address}\``,
  });
}
