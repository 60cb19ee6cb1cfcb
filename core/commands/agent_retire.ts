/**
 * `carrel agent retire`
 *
 * @module
 */
import { answerStatus, wordStatus } from "./agent_answer.ts";
import { mutation } from "./mutation.ts";

/** Retires an agent. */
export default mutation({
  summary: "Retire an agent for good",
  description:
    "Tasks that run go on, but none can be started as it any more, and its name is never given again.",
  examples: [{ line: "carrel agent retire claude", note: "there is no way back" }],
  positionals: [{ name: "agent", summary: "the agent" }],
  run: (app, { args, options }) => answerStatus(app, args.agent, "retire", null, options),
  text: wordStatus,
});
