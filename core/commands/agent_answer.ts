/**
 * What the commands about agents answer.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type AgentView, findAgent } from "../query/agents.ts";

/** An agent as the answer of a verb shows it. */
export async function viewAgent(carrel: Carrel, name: string): Promise<{ readonly agent: AgentView }> {
  return { agent: await findAgent(await carrel.state(), name) };
}

/** `agent claude 1.0 (ACTIVE)` */
export function wordAgent({ agent_id, agent_version, status }: AgentView): string {
  return `agent ${agent_id}${agent_version === null ? "" : ` ${agent_version}`} (${status})`;
}
