/**
 * `carrel escalation resolve`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { resolveEscalation } from "../engine/resolve_escalation.ts";
import { findTask } from "../query/find_task.ts";
import type { EscalationDecisionWord } from "../state/managers/escalation_manager.ts";
import { addressOf, wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { readJson } from "./read_json.ts";

/** What can be typed for each decision. */
const DECISIONS: ReadonlyMap<string, EscalationDecisionWord> = new Map([
  ["override", "OVERRIDE"],
  ["modify", "MODIFY"],
  ["abort", "ABORT"],
]);

/** Decides on what a task asks. */
export default mutation({
  summary: "Decide on what a task asks, and tell its agent",
  description: [
    "override lets the agent do as it proposes, modify gives it something else to do, abort forbids it.",
    "The agent finds the decision in agent-config/decision.yml, with the SHA-256 of its escalation.yml. " +
    "Exit 5 when nothing is asked.",
  ].join("\n\n"),
  examples: [
    { line: "carrel escalation resolve demo/q7 override", note: "go on" },
    {
      line: 'carrel escalation resolve demo/q7 abort --note "ask the owner first"',
      note: "with words for it",
    },
    { line: "carrel escalation resolve demo/q7 modify --proposal @instead.json", note: "do this instead" },
  ],
  positionals: [{
    name: "words",
    placeholder: "PROJECT/TASK DECISION",
    summary: "the task (PROJECT/TASK or PROJECT TASK), then override, modify or abort",
    arity: "words",
  }],
  flags: {
    proposal: {
      kind: "value",
      placeholder: "JSON",
      summary: "what to do instead, with modify: a JSON object; - reads stdin, @FILE a file",
    },
    note: { kind: "value", placeholder: "TEXT", summary: "words for the agent" },
    request: {
      kind: "value",
      placeholder: "HASH",
      parse: parseRequest,
      summary: "only if it is this question (the beginning of its hash), else exit 4",
    },
  },
  async given(app, { args, flags }) {
    const { address, decision } = parseWords(args.words);
    const isModified = decision === "MODIFY";
    if (!isModified && flags.proposal !== undefined) {
      throw new AppError("usage", "--proposal goes with modify");
    }
    if (isModified && flags.proposal === undefined && flags.note === undefined) {
      throw new AppError("usage", "modify needs --proposal or --note: what to do instead");
    }
    const { proposal } = flags;
    const object = proposal === undefined ? null : (await readJson(app, proposal, "proposal")).object;
    return { address, decision, proposal: object };
  },
  async run(app, { flags, given: { address, decision, proposal }, options }) {
    const carrel = await app.carrel();
    const ref = await findTask(carrel, address);
    const request = { decision, proposal, note: flags.note ?? null, expected: flags.request ?? null };
    const { op, ...resolution } = await resolveEscalation(carrel, ref, request, options);
    const place = { project_id: ref.project, task_id: ref.id };
    return { data: await op.answer(() => ({ ...place, ...resolution })), addresses: [addressOf(ref)] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ project_id, task_id, decision }) => `answered ${project_id}/${task_id}: ${decision}`,
    ),
});

function parseWords(
  words: readonly string[],
): { readonly address: readonly string[]; readonly decision: EscalationDecisionWord } {
  const word = words.at(-1) ?? "";
  const address = words.slice(0, -1);
  if (address.length === 0) {
    throw new AppError("usage", "a decision is needed", {
      hint: "carrel escalation resolve PROJECT/TASK override|modify|abort",
    });
  }
  const decision = DECISIONS.get(word);
  if (decision !== undefined) return { address, decision };
  throw new AppError("invalid_value", `${JSON.stringify(word)} is not a decision`, {
    hint: `one of: ${[...DECISIONS.keys()].join(", ")}`,
  });
}

function parseRequest(text: string): string {
  if (/^[0-9a-f]{4,64}$/.test(text)) return text;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not the hash of a question`, {
    hint: "`carrel escalation show` tells it; its first characters will do, 4 or more",
  });
}
