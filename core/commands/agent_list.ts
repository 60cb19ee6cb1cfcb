/**
 * `carrel agent list`
 *
 * @module
 */
import type { Style } from "../cli/style.ts";
import { formatTable } from "../cli/table.ts";
import { listAgents } from "../query/agents.ts";
import { command } from "./app.ts";

/** Lists the agents. */
export default command({
  summary: "List the registered agents and how they are",
  examples: [{ line: "carrel agent list", note: "who may run, and who is suspended" }],
  async run(app) {
    const agents = await listAgents(await (await app.carrel()).existingState());
    return {
      data: agents.map(({ contract: _contract, ...agent }) => agent),
      addresses: agents.map(({ agent_id }) => agent_id),
    };
  },
  text: (agents, look) =>
    agents.length === 0 ? "no agents; register one with `carrel agent register NAME`" : formatTable(
      [
        { header: "AGENT" },
        { header: "STATUS" },
        { header: "VERSION" },
        { header: "PRIORITY", align: "right" },
        { header: "REASON", shrinks: true },
      ],
      agents.map(({ agent_id, status, agent_version, priority, suspension_reason }) => [
        agent_id,
        paintStatus(status, look.style),
        agent_version ?? "",
        String(priority),
        suspension_reason ?? "",
      ]),
      look,
    ),
});

function paintStatus(status: string, { green, yellow }: Style): string {
  return status === "ACTIVE" ? green(status) : yellow(status);
}
