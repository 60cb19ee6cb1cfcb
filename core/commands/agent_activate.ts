/**
 * `carrel agent activate`
 *
 * @module
 */
import { answerStatus, wordStatus } from "./agent_answer.ts";
import { mutation } from "./mutation.ts";

/** Lets an agent work again. */
export default mutation({
  summary: "Let a suspended agent work again",
  description: "The reason of its suspension is forgotten. A retired agent stays so.",
  examples: [{ line: "carrel agent activate claude", note: "its tasks can be started again" }],
  positionals: [{ name: "agent", summary: "the agent" }],
  run: (app, { args, options }) => answerStatus(app, args.agent, "activate", null, options),
  text: wordStatus,
});
