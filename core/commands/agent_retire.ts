/**
 * `carrel agent retire`
 *
 * @module
 */
import { setAgentStatus } from "../engine/set_agent_status.ts";
import { viewAgent, wordAgent } from "./agent_answer.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Retires an agent. */
export default mutation({
  summary: "Retire an agent for good",
  description:
    "Tasks that run go on, but none can be started as it any more, and its name is never given again.",
  examples: [{ line: "carrel agent retire claude", note: "there is no way back" }],
  positionals: [{ name: "agent", summary: "the agent" }],
  async run(app, { args, options }) {
    const carrel = await app.carrel();
    const { op, agent_id } = await setAgentStatus(carrel, args.agent, "retire", null, options);
    return { data: await op.answer(() => viewAgent(carrel, agent_id)), addresses: [agent_id] };
  },
  text: (data) =>
    wordMutation(data, ({ changed, agent }) => `${changed ? "now" : "already"} ${wordAgent(agent)}`),
});
