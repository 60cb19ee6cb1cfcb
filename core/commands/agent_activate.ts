/**
 * `carrel agent activate`
 *
 * @module
 */
import { setAgentStatus } from "../engine/set_agent_status.ts";
import { viewAgent, wordAgent } from "./agent_answer.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Lets an agent work again. */
export default mutation({
  summary: "Let a suspended agent work again",
  description: "The reason of its suspension is forgotten. A retired agent stays so.",
  examples: [{ line: "carrel agent activate claude", note: "its tasks can be started again" }],
  positionals: [{ name: "agent", summary: "the agent" }],
  async run(app, { args, options }) {
    const carrel = await app.carrel();
    const { op, agent_id } = await setAgentStatus(carrel, args.agent, "activate", null, options);
    return { data: await op.answer(() => viewAgent(carrel, agent_id)), addresses: [agent_id] };
  },
  text: (data) =>
    wordMutation(data, ({ changed, agent }) => `${changed ? "now" : "already"} ${wordAgent(agent)}`),
});
