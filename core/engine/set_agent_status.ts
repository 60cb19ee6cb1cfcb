/**
 * `agent suspend`, `agent activate` and `agent retire`: what an operator decides about an agent.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { findAgentStatus, noSuchAgent } from "../query/agents.ts";
import { AgentRegistry, type AgentStatusWord } from "../state/managers/agent_registry.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { changeEvent } from "./recorded_change.ts";
import type { ChangedAgent } from "./register_agent.ts";

/** What is done to the agent, and the event that tells of it. */
const CHANGES = {
  suspend: { status: "SUSPENDED", event: "agent.suspended" },
  activate: { status: "ACTIVE", event: "agent.activated" },
  retire: { status: "RETIRED", event: "agent.retired" },
} as const satisfies Readonly<Record<string, { status: AgentStatusWord; event: string }>>;

/** A change of an agent's status. */
export type AgentChange = keyof typeof CHANGES;

/**
 * Changes the status of an agent; one that has it already, for the same reason, is left alone. Tasks that run
 * go on; they cannot be started again while the agent is not active. Errors: `agent_not_found`, `wrong_state`
 * (it is retired).
 */
export async function setAgentStatus(
  carrel: Carrel,
  agent_id: string,
  change: AgentChange,
  reason: string | null = null,
  options: MutationOptions = {},
): Promise<Performed<ChangedAgent>> {
  const { status, event } = CHANGES[change];
  const args = { agent: agent_id, ...(reason === null ? {} : { reason }) };
  const deed = { verb: `agent ${change}`, project: null, task: null, args };
  return await perform(carrel, deed, options, async (op) => {
    const found = await findAgentStatus(await carrel.existingState(), agent_id);
    if (found === null) throw noSuchAgent(agent_id);
    if (found.status === status && found.suspension_reason === reason) return { agent_id };
    if (found.status === "RETIRED") throw retired(agent_id);
    await op.step(`${change} agent`, agent_id, async () => {
      const storage = (await carrel.state()).agentRegistry;
      const registry = new AgentRegistry({ storage, clock: carrel.host.clock, random: carrel.host.random });
      const audit = changeEvent(op, event, { agent_id }, { status, reason });
      await registry.setAgentStatus(agent_id, status, reason, { audit });
    });
    return { agent_id };
  });
}

function retired(agent: string): AppError {
  return new AppError("wrong_state", `agent ${agent} is RETIRED`, {
    hint: "a retired agent stays so; register a new one",
    details: { agent_id: agent, status: "RETIRED" },
  });
}
