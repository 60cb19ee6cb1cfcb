/**
 * The registry of agents, in memory.
 *
 * @module
 */
import { checkInteger, checkJson, checkText, checkTextOrNull } from "../check_input.ts";
import type {
  AgentListing,
  AgentRegistryStorage,
  AgentRow,
  AgentStatus,
  NewAgent,
  StatusChange,
} from "../contracts/agent_registry.ts";
import type { AlongOption, Page } from "../contracts/store.ts";
import { parseStoredJson } from "../json_value.ts";
import { formatStamp } from "../stamp.ts";
import { atomically, type MemoryOptions, MemoryUnit, takePage } from "./memory_unit.ts";

interface Agent extends NewAgent {
  readonly seq: number;
  readonly registeredAt: number;
  readonly updatedAt: number;
  readonly status: string;
  readonly reason: string | null;
}

/** Agents in a Map. */
export class MemoryAgentRegistryStorage implements AgentRegistryStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #agents = new Map<string, Agent>();

  /** A registry without agents. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
  }

  /** Nothing to prepare. */
  initSchema(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode AgentRegistryStorage.upsertAgent}. */
  upsertAgent(
    agentId: string,
    contractJson: string,
    priority: number,
    status: string,
    agentVersion: string | null,
    sessionToken: string | null,
  ): Promise<void> {
    return atomically(() =>
      this.#put({ agentId, contractJson, priority, agentVersion, sessionToken }, status)
    );
  }

  /** See {@linkcode AgentRegistryStorage.getAgent}. */
  getAgent(agentId: string): Promise<AgentRow | null> {
    return atomically(() => {
      const agent = this.#agents.get(agentId);
      return agent === undefined ? null : agentRow(agent);
    });
  }

  /** See {@linkcode AgentRegistryStorage.updateStatus}. */
  updateStatus(agentId: string, status: string, suspensionReason: string | null): Promise<boolean> {
    return atomically(() => this.#setStatus(agentId, status, suspensionReason));
  }

  /** See {@linkcode AgentRegistryStorage.getStatus}. */
  getStatus(agentId: string): Promise<AgentStatus | null> {
    return atomically(() => this.#status(agentId));
  }

  /** See {@linkcode AgentRegistryStorage.listActiveAgents}. */
  listActiveAgents(): Promise<string[]> {
    return atomically(() =>
      [...this.#agents.values()].filter(({ status }) => status === "ACTIVE").map(({ agentId }) => agentId)
    );
  }

  /** See {@linkcode AgentRegistryStorage.registerUnlessBarred}. */
  registerUnlessBarred(agent: NewAgent, { along }: AlongOption = {}): Promise<AgentStatus | null> {
    return atomically(() => {
      const commit = this.unit.prepare(along);
      const found = this.#status(agent.agentId);
      if (found !== null && found.status !== "ACTIVE") return found;
      this.#put(agent, "ACTIVE");
      commit();
      return found;
    });
  }

  /** See {@linkcode AgentRegistryStorage.changeStatus}. */
  changeStatus(
    agentId: string,
    from: readonly string[],
    to: string,
    suspensionReason: string | null,
    { along }: AlongOption = {},
  ): Promise<StatusChange> {
    return atomically(() => {
      const commit = this.unit.prepare(along);
      const current = this.#agents.get(agentId)?.status ?? null;
      if (current === null || !from.includes(current)) return { changed: false, status: current };
      this.#setStatus(agentId, to, suspensionReason);
      commit();
      return { changed: true, status: to };
    });
  }

  /** See {@linkcode AgentRegistryStorage.listAgents}. */
  listAgents(page?: Page): Promise<AgentListing[]> {
    return atomically(() =>
      takePage(this.#agents.values(), page).map((agent) => ({
        ...agentRow(agent),
        seq: agent.seq,
        suspension_reason: agent.reason,
        registered_at: formatStamp(agent.registeredAt),
        updated_at: formatStamp(agent.updatedAt),
      }))
    );
  }

  #put(agent: NewAgent, status: string): void {
    const { agentId, contractJson, priority, agentVersion, sessionToken } = agent;
    checkText(agentId, "agent_id");
    checkJson(contractJson, "contract");
    checkInteger(priority, "priority");
    checkText(status, "status");
    checkTextOrNull(agentVersion, "agent_version");
    checkTextOrNull(sessionToken, "session_token");
    const now = this.#clock.nowMicros();
    const { seq, registeredAt, reason } = this.#agents.get(agentId) ??
      { seq: this.#agents.size + 1, registeredAt: now, reason: null };
    this.#agents.set(agentId, { ...agent, status, seq, registeredAt, reason, updatedAt: now });
  }

  #setStatus(agentId: string, status: string, reason: string | null): boolean {
    checkText(status, "status");
    checkTextOrNull(reason, "suspension_reason");
    const agent = this.#agents.get(agentId);
    if (agent === undefined) return false;
    this.#agents.set(agentId, { ...agent, status, reason, updatedAt: this.#clock.nowMicros() });
    return true;
  }

  #status(agentId: string): AgentStatus | null {
    const agent = this.#agents.get(agentId);
    return agent === undefined ? null : { status: agent.status, suspension_reason: agent.reason };
  }
}

function agentRow(agent: Agent): AgentRow {
  return {
    agent_id: agent.agentId,
    contract: parseStoredJson(agent.contractJson),
    priority: agent.priority,
    status: agent.status,
    agent_version: agent.agentVersion,
    session_token: agent.sessionToken,
  };
}
