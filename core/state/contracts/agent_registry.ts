/**
 * Who the agents are: contract, priority, version, status.
 *
 * @module
 */
import type { JsonValue } from "../json_value.ts";
import type { AlongOption, Page, Store } from "./store.ts";

/** One registered agent. */
export interface AgentRow {
  /** Its name. */
  readonly agent_id: string;
  /** What it agreed to; `{}` when it was stored as `""`. */
  readonly contract: JsonValue;
  /** Greater is more important. */
  readonly priority: number;
  /** `ACTIVE`, `SUSPENDED`, `RETIRED` or a word of the caller's. */
  readonly status: string;
  /** What it said at its last handshake. */
  readonly agent_version: string | null;
  /** As given; the manager gives a hash. */
  readonly session_token: string | null;
}

/** One row of {@linkcode AgentRegistryStorage.listAgents}. */
export interface AgentListing extends AgentRow {
  /** Its place in the order of first registration. */
  readonly seq: number;
  /** Why it is not active. */
  readonly suspension_reason: string | null;
  /** When it was first registered. */
  readonly registered_at: string;
  /** When anything about it last changed. */
  readonly updated_at: string;
}

/** An agent as its handshake describes it. */
export interface NewAgent {
  /** Its name. */
  readonly agentId: string;
  /** A JSON text; `""` reads as `{}`. */
  readonly contractJson: string;
  /** An integer. */
  readonly priority: number;
  /** Its version. */
  readonly agentVersion: string | null;
  /** Stored as given. */
  readonly sessionToken: string | null;
}

/** Status of an agent and why. */
export interface AgentStatus {
  /** The word. */
  readonly status: string;
  /** Null when none was given. */
  readonly suspension_reason: string | null;
}

/** Result of {@linkcode AgentRegistryStorage.changeStatus}. */
export interface StatusChange {
  /** Whether it was written. */
  readonly changed: boolean;
  /** The status afterwards; null when there is no such agent. */
  readonly status: string | null;
}

/** The registry of agents. */
export interface AgentRegistryStorage extends Store {
  /** Prepares the store; idempotent. */
  initSchema(): Promise<void>;
  /**
   * Writes an agent whole. An agent that exists keeps its place, `registered_at` and
   * `suspension_reason` (D1). Refuses a contract that is not JSON (D10).
   */
  upsertAgent(
    agentId: string,
    contractJson: string,
    priority: number,
    status: string,
    agentVersion: string | null,
    sessionToken: string | null,
  ): Promise<void>;
  /** The agent, or null. */
  getAgent(agentId: string): Promise<AgentRow | null>;
  /** Sets status and reason (null clears the reason); false for an unknown agent. */
  updateStatus(agentId: string, status: string, suspensionReason: string | null): Promise<boolean>;
  /** The status, or null for an unknown agent. */
  getStatus(agentId: string): Promise<AgentStatus | null>;
  /** Names of the agents whose status is exactly `ACTIVE`. */
  listActiveAgents(): Promise<string[]>;
  /**
   * In one transaction: writes the agent with status `ACTIVE` if it is new or already `ACTIVE`; otherwise
   * writes nothing. Returns the status found: null for a new agent.
   */
  registerUnlessBarred(agent: NewAgent, options?: AlongOption): Promise<AgentStatus | null>;
  /** In one transaction: sets status and reason if the current status is one of `from`. */
  changeStatus(
    agentId: string,
    from: readonly string[],
    to: string,
    suspensionReason: string | null,
    options?: AlongOption,
  ): Promise<StatusChange>;
  /** Every agent. */
  listAgents(page?: Page): Promise<AgentListing[]>;
}
