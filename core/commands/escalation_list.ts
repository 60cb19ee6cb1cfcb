/**
 * `carrel escalation list`
 *
 * @module
 */
import type { Look } from "../cli/style.ts";
import { formatTable } from "../cli/table.ts";
import { listQuestions } from "../engine/list_questions.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { type EscalationView, listDecided, toWaitingView } from "../query/escalations.ts";
import { openProject } from "../query/open_project.ts";
import { shortReason } from "../query/question.ts";
import { command } from "./app.ts";
import { damagedRecords } from "./damaged_records.ts";

/** Lists what agents ask. */
export default command({
  summary: "List the questions of agents that wait for a person, the oldest first",
  examples: [
    { line: "carrel escalation list", note: "who needs a decision" },
    { line: "carrel escalation list demo --all --json", note: "with what was decided before" },
  ],
  positionals: [{ name: "project", summary: "only this project", arity: "optional" }],
  flags: { all: { kind: "boolean", summary: "also what was decided, of deleted tasks too" } },
  async run(app, { args, flags }) {
    const carrel = await app.carrel();
    const project = args.project === undefined ? null : parseProjectId(args.project);
    if (project !== null) await openProject(carrel, project);
    const { waiting, problems, damaged } = await listQuestions(carrel, project);
    for (const text of problems) carrel.notify({ kind: "warning", text });
    const views = [
      ...waiting.map(({ ref, question }) => toWaitingView(ref, question)),
      ...flags.all ? await listDecided(await carrel.existingState(), project) : [],
    ];
    const error = damagedRecords(damaged);
    return {
      data: views,
      addresses: views.map(({ project_id, task_id }) => `${project_id}/${task_id}`),
      ...(error === null ? {} : { error }),
    };
  },
  text: wordList,
});

function wordList(escalations: readonly EscalationView[], look: Look): string {
  if (escalations.length === 0) return "nothing waits for a decision";
  return formatTable(
    [
      { header: "TASK" },
      { header: "AGENT" },
      { header: "ASKED" },
      { header: "IMPACT" },
      { header: "DECISION" },
      { header: "REASON", shrinks: true },
    ],
    escalations.map(({ project_id, task_id, agent, asked_at, impact, decision, reason }) => [
      `${project_id}/${task_id}`,
      agent,
      asked_at ?? "",
      impact ?? "",
      decision ?? look.style.yellow("waits"),
      reason === null ? "" : shortReason({ reason }),
    ]),
    look,
  );
}
