/**
 * `carrel agent suspend`
 *
 * @module
 */
import { answerStatus, wordStatus } from "./agent_answer.ts";
import { mutation } from "./mutation.ts";

/** Suspends an agent. */
export default mutation({
  summary: "Suspend an agent: no task can be started as it",
  description:
    "Tasks that run go on. Only `carrel agent activate` lets it work again; it cannot do so itself.",
  examples: [{ line: 'carrel agent suspend claude --reason "too eager"', note: "an operator's word" }],
  positionals: [{ name: "agent", summary: "the agent" }],
  flags: { reason: { kind: "value", placeholder: "TEXT", summary: "why, for people" } },
  run: (app, { args, flags, options }) =>
    answerStatus(app, args.agent, "suspend", flags.reason ?? null, options),
  text: wordStatus,
});
