/**
 * `carrel escalation show`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { readQuestion } from "../engine/read_question.ts";
import { listDecisions, type RecordedDecision } from "../query/decisions.ts";
import { findLastQuestion } from "../query/escalations.ts";
import { findTask } from "../query/find_task.ts";
import { openProject } from "../query/open_project.ts";
import { objectOf } from "../query/operations.ts";
import { howToAnswer } from "../query/question.ts";
import { readStoredTask } from "../query/stored_task.ts";
import type { JsonValue } from "../state/json_value.ts";
import { formatFields } from "../text/format_fields.ts";
import { addressOf } from "./answer.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";

/** Shows what a task asks, and what was decided. */
export default command({
  summary: "Show what a task asks people, or asked last, and what was decided",
  examples: [{ line: "carrel escalation show demo/q7", note: "reason, context and proposal" }],
  positionals: [taskArguments],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const ref = await findTask(carrel, args.task);
    const address = addressOf(ref);
    const { question, problem } = await readQuestion(
      carrel,
      await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id),
    );
    if (problem !== null) carrel.notify({ kind: "warning", text: problem });
    const state = await carrel.existingState();
    const asked = question ?? await findLastQuestion(state, address);
    if (asked === null) throw asksNothing(address);
    const decisions = await listDecisions(state, address);
    const made = decisions.findLast(({ request }) => request === asked.request) ?? null;
    const { project: project_id, id: task_id } = ref;
    const data = { project_id, task_id, needs_human: question !== null, ...asked, ...toDecided(made) };
    return { data, addresses: [address] };
  },
  text(data, look) {
    const { project_id, task_id, needs_human, context, proposal } = data;
    const address = `${project_id}/${task_id}`;
    return formatFields([
      ["Task", address],
      ["Agent", data.agent],
      ["Asked", data.asked_at],
      ["Impact", data.impact || null],
      ["Request", data.request],
      ["Decision", needs_human ? look.style.yellow("waits") : data.decision],
      ["Decided", data.decided_at],
      ["Instead", data.decided_proposal === null ? null : JSON.stringify(data.decided_proposal)],
      ["Note", data.note],
      ["Answer", needs_human ? howToAnswer(address) : null],
    ]) + wordPart("Reason", data.reason) + wordPart("Context", wordJson(context)) +
      wordPart("Proposal", wordJson(proposal));
  },
});

/** What was decided on the question; all null while it waits. */
function toDecided(made: RecordedDecision | null) {
  return {
    decision: made?.decision ?? null,
    decided_at: made?.decided_at ?? null,
    decided_proposal: made?.proposal ?? null,
    note: made?.note ?? null,
  };
}

/** Indented, so that no text of an agent can pretend to be carrel's own. */
function wordPart(label: string, text: string): string {
  return text === "" ? "" : `${label}:\n  ${text.trim().replaceAll("\n", "\n  ")}\n`;
}

function wordJson(value: JsonValue): string {
  return Object.keys(objectOf(value)).length === 0 ? "" : JSON.stringify(value, null, 2);
}

function asksNothing(address: string): AppError {
  return new AppError("escalation_not_found", `task ${address} has asked nothing`, {
    hint: "an agent asks by writing escalation.yml into its agent-config directory",
  });
}
