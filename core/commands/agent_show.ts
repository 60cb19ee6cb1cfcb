/**
 * `carrel agent show`
 *
 * @module
 */
import { findAgent } from "../query/agents.ts";
import { formatFields } from "../text/format_fields.ts";
import { command } from "./app.ts";

/** Shows an agent. */
export default command({
  summary: "Show one agent with its contract",
  examples: [{
    line: "carrel agent show claude --json",
    note: "all that is known of it, but for its session",
  }],
  positionals: [{ name: "agent", summary: "the agent" }],
  async run(app, { args }) {
    const agent = await findAgent(await (await app.carrel()).existingState(), args.agent);
    return { data: agent, addresses: [agent.agent_id] };
  },
  text: (agent) =>
    formatFields([
      ["Agent", agent.agent_id],
      ["Status", agent.status],
      ["Reason", agent.suspension_reason],
      ["Version", agent.agent_version],
      ["Priority", String(agent.priority)],
      ["Contract", JSON.stringify(agent.contract)],
      ["Registered", agent.registered_at],
      ["Changed", agent.updated_at],
    ]),
});
