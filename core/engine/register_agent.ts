/**
 * `agent register`: the handshake of an agent.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { parseAgentName } from "../identity/agent_name.ts";
import { findAgentStatus } from "../query/agents.ts";
import { AgentRegistry } from "../state/managers/agent_registry.ts";
import { acceptsAgentVersion } from "../state/managers/agent_version.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { changeEvent } from "./recorded_change.ts";

/** Versions of agents that carrel works with. */
const SUPPORTED_VERSIONS = "1.x";

/** How an agent describes itself. */
export interface RegisterRequest {
  /** `major.minor[.patch]`. */
  readonly version: string;
  /** What it agrees to: JSON. */
  readonly contract: Readonly<Record<string, unknown>>;
  /** An integer; greater is more important. */
  readonly priority: number;
}

/** Which agent was changed. */
export interface ChangedAgent {
  readonly agent_id: string;
}

/**
 * Registers an agent that is new or active; version, contract and priority take the place of earlier ones.
 * Errors: `invalid_value` for its name, `wrong_state` with `details.reason` when it is refused.
 */
export async function registerAgent(
  carrel: Carrel,
  name: string,
  { version, contract, priority }: RegisterRequest,
  options: MutationOptions = {},
): Promise<Performed<ChangedAgent>> {
  const agent_id = parseAgentName(name);
  const deed = {
    verb: "agent register",
    project: null,
    task: null,
    args: { agent: agent_id, version, priority },
  };
  return await perform(carrel, deed, options, async (op) => {
    if (!acceptsAgentVersion(SUPPORTED_VERSIONS, version)) {
      throw refused(agent_id, "VERSION_MISMATCH", version);
    }
    const found = await findAgentStatus(await carrel.existingState(), agent_id);
    if (found !== null && found.status !== "ACTIVE") throw refused(agent_id, found.status, version);
    await op.step("register agent", agent_id, async () => {
      const { clock, random } = carrel.host;
      const storage = (await carrel.state()).agentRegistry;
      const registry = new AgentRegistry({ storage, clock, random, supportedVersions: SUPPORTED_VERSIONS });
      const audit = changeEvent(op, "agent.registered", { agent_id }, { version, priority });
      const answer = await registry.handshake(agent_id, contract, version, priority, { audit });
      if (!answer.accepted) throw refused(agent_id, answer.reason ?? "", version);
    });
    return { agent_id };
  });
}

function refused(agent: string, reason: string, version: string): AppError {
  const hints: Readonly<Record<string, string>> = {
    VERSION_MISMATCH: `version ${version} is not one of ${SUPPORTED_VERSIONS}`,
    SUSPENDED: `let it work again with \`carrel agent activate ${agent}\``,
    RETIRED: "a retired agent stays so; take another name",
  };
  return new AppError("wrong_state", `agent ${agent} is refused: ${reason}`, {
    hint: hints[reason] ?? `see \`carrel agent show ${agent}\``,
    details: { agent_id: agent, reason },
  });
}
