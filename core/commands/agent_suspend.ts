/**
 * `carrel agent suspend`
 *
 * @module
 */
import { setAgentStatus } from "../engine/set_agent_status.ts";
import { viewAgent, wordAgent } from "./agent_answer.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Suspends an agent. */
export default mutation({
  summary: "Suspend an agent: no task can be started as it",
  description:
    "Tasks that run go on. Only `carrel agent activate` lets it work again; it cannot do so itself.",
  examples: [{ line: 'carrel agent suspend claude --reason "too eager"', note: "an operator's word" }],
  positionals: [{ name: "agent", summary: "the agent" }],
  flags: { reason: { kind: "value", placeholder: "TEXT", summary: "why, for people" } },
  async run(app, { args, flags, options }) {
    const carrel = await app.carrel();
    const { op, agent_id } = await setAgentStatus(
      carrel,
      args.agent,
      "suspend",
      flags.reason ?? null,
      options,
    );
    return { data: await op.answer(() => viewAgent(carrel, agent_id)), addresses: [agent_id] };
  },
  text: (data) =>
    wordMutation(data, ({ changed, agent }) => `${changed ? "now" : "already"} ${wordAgent(agent)}`),
});
