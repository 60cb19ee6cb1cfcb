/**
 * The registered agents, as people are shown them.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { AgentListing, AgentStatus } from "../state/contracts/agent_registry.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";

/** An agent; of its session nothing is shown, not even the hash of the token. */
export type AgentView = Omit<AgentListing, "session_token" | "seq">;

/** Every agent, in the order of first registration; none where there is no store yet. */
export async function listAgents(
  state: Pick<StorageBundle, "agentRegistry"> | null,
): Promise<AgentView[]> {
  return (await state?.agentRegistry.listAgents() ?? []).map(toView);
}

/** One agent by its exact name; `agent_not_found`. */
export async function findAgent(
  state: Pick<StorageBundle, "agentRegistry"> | null,
  name: string,
): Promise<AgentView> {
  const agent = await findAgentIfAny(state, name);
  if (agent === null) throw noSuchAgent(name);
  return agent;
}

/** The same; null for one that was never registered. */
export async function findAgentIfAny(
  state: Pick<StorageBundle, "agentRegistry"> | null,
  name: string,
): Promise<AgentView | null> {
  return (await listAgents(state)).find(({ agent_id }) => agent_id === name) ?? null;
}

/** Whether an agent may work, and why not; null for one that was never registered. */
export async function findAgentStatus(
  state: Pick<StorageBundle, "agentRegistry"> | null,
  name: string,
): Promise<AgentStatus | null> {
  return await state?.agentRegistry.getStatus(name) ?? null;
}

/** The error for an agent that was never registered. */
export function noSuchAgent(name: string): AppError {
  return new AppError("agent_not_found", `there is no agent ${JSON.stringify(name)}`);
}

function toView({ session_token: _token, seq: _seq, ...view }: AgentListing): AgentView {
  return view;
}
