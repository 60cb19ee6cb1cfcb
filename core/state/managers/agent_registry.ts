/**
 * Who may work: handshakes, contracts and their schemas, status.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import type { Random } from "../../port/host.ts";
import type { AgentStatus } from "../contracts/agent_registry.ts";
import { hashSessionToken } from "../hash_session_token.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import type { JsonValue } from "../json_value.ts";
import { openStateWorld } from "../state_world.ts";
import { acceptsAgentVersion } from "./agent_version.ts";
import { type AuditOption, withAudit } from "./audit_option.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";
import { newUuidV4 } from "./new_uuid_v4.ts";

/** The status of an agent. `RETIRED` is final. */
export type AgentStatusWord = "ACTIVE" | "SUSPENDED" | "RETIRED";

/** From which status an agent can get to each one. */
const FROM: Readonly<Record<AgentStatusWord, readonly AgentStatusWord[]>> = {
  ACTIVE: ["ACTIVE", "SUSPENDED"],
  SUSPENDED: ["ACTIVE", "SUSPENDED"],
  RETIRED: ["ACTIVE", "SUSPENDED", "RETIRED"],
};

/** Options of {@linkcode AgentRegistry}. */
export interface AgentRegistryOptions extends ManagerOptions<"agentRegistry"> {
  /** Versions that are accepted, see `acceptsAgentVersion`; default `1.x`. */
  readonly supportedVersions?: string;
}

/** Answer to a handshake. */
export interface HandshakeResult {
  /** Whether the agent is registered now. */
  readonly accepted: boolean;
  /** Proves who the agent is, see {@linkcode AgentRegistry.verifySession}; null when it was refused. */
  readonly session_token: string | null;
  /** `VERSION_MISMATCH`, or the status that keeps the agent out; null when it was accepted. */
  readonly reason: string | null;
}

const METHODS = [
  "registerUnlessBarred",
  "getAgent",
  "getStatus",
  "listActiveAgents",
  "changeStatus",
] as const;

/**
 * The registry of agents. An agent registers itself, but cannot lift its own suspension.
 *
 * @example
 * ```ts
 * import { AgentRegistry, memoryStorage } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const registry = new AgentRegistry({ storage: memoryStorage().agentRegistry });
 * const { accepted } = await registry.handshake("bot", { schema: { type: "object" } }, "1.2");
 * await registry.setAgentStatus("bot", "SUSPENDED", "too eager");
 * const again = await registry.handshake("bot", {}, "1.2");
 * assertEquals([accepted, again.accepted, again.reason], [true, false, "SUSPENDED"]);
 * ```
 */
export class AgentRegistry implements AsyncDisposable {
  readonly #store: ManagedStore<"agentRegistry">;
  readonly #supportedVersions: string;
  readonly #random: Random;

  /** A registry on a store; throws `invalid_value` for none, or one that lacks a method. */
  constructor(
    ...args: ArgumentList<[dbPath?: string | null, supportedVersions?: string], AgentRegistryOptions>
  ) {
    const options = byName<AgentRegistryOptions>(args, ["dbPath", "supportedVersions"]);
    this.#store = new ManagedStore(
      { manager: "AgentRegistry", slot: "agentRegistry", methods: METHODS },
      options,
    );
    this.#supportedVersions = options.supportedVersions ?? "1.x";
    this.#random = openStateWorld(options).random;
  }

  /**
   * Registers an agent that is new or `ACTIVE`, and gives it a new session. Any other is refused, and
   * nothing is written. Of the token the store keeps a hash.
   */
  async handshake(
    agentId: string,
    contract: Readonly<Record<string, unknown>>,
    agentVersion: string,
    priority = 0,
    options: AuditOption = {},
  ): Promise<HandshakeResult> {
    if (!acceptsAgentVersion(this.#supportedVersions, agentVersion)) return refused("VERSION_MISMATCH");
    const token = newUuidV4(this.#random);
    const agent = {
      agentId,
      contractJson: encode(contract),
      priority,
      agentVersion,
      sessionToken: hashSessionToken(token),
    };
    const found = await (await this.#store.get()).registerUnlessBarred(agent, withAudit(options));
    if (found !== null && found.status !== "ACTIVE") return refused(found.status);
    return { accepted: true, session_token: token, reason: null };
  }

  /**
   * Registers an agent without version and session.
   *
   * @deprecated use {@linkcode AgentRegistry.handshake}
   * @throws {AppError} `wrong_state` for an agent that is suspended or retired
   */
  async registerAgent(
    agentId: string,
    contract: Readonly<Record<string, unknown>>,
    priority = 0,
    options: AuditOption = {},
  ): Promise<void> {
    const agent = {
      agentId,
      contractJson: encode(contract),
      priority,
      agentVersion: null,
      sessionToken: null,
    };
    const found = await (await this.#store.get()).registerUnlessBarred(agent, withAudit(options));
    if (found !== null && found.status !== "ACTIVE") throw wrongState(agentId, found.status);
  }

  /** Whether the token is that of the agent's latest handshake and the agent is `ACTIVE`. */
  async verifySession(agentId: string, sessionToken: string): Promise<boolean> {
    const agent = await (await this.#store.get()).getAgent(agentId);
    return agent?.status === "ACTIVE" && agent.session_token === hashSessionToken(sessionToken);
  }

  /** The contract; null for an unknown agent. */
  async getAgentContract(agentId: string): Promise<JsonValue> {
    return (await (await this.#store.get()).getAgent(agentId))?.contract ?? null;
  }

  /**
   * The contract under its old name.
   *
   * @deprecated use {@linkcode AgentRegistry.getAgentContract}
   */
  getAgentManifest(agentId: string): Promise<JsonValue> {
    return this.getAgentContract(agentId);
  }

  /** The priority; 0 for an unknown agent. */
  async getAgentPriority(agentId: string): Promise<number> {
    return (await (await this.#store.get()).getAgent(agentId))?.priority ?? 0;
  }

  /** From the contract: `schemas[kind]` if there is one, else `schema`; null without either. */
  async getSchema(agentId: string, kind?: string | null): Promise<JsonValue> {
    const contract = await this.getAgentContract(agentId);
    const named = kind === undefined || kind === null ? undefined : member(member(contract, "schemas"), kind);
    return named ?? member(contract, "schema") ?? null;
  }

  /** Names of the active agents, in the order of their first registration. */
  async listAgents(): Promise<string[]> {
    return await (await this.#store.get()).listActiveAgents();
  }

  /**
   * Sets status and reason, as an operator decides; false for an unknown agent. `ACTIVE` is the same as
   * {@linkcode AgentRegistry.activate}.
   *
   * @throws {AppError} `invalid_value` for another word, `wrong_state` for an agent that is retired
   */
  async setAgentStatus(
    agentId: string,
    status: AgentStatusWord,
    reason: string | null = null,
    options: AuditOption = {},
  ): Promise<boolean> {
    if (!Object.hasOwn(FROM, status)) {
      throw new AppError("invalid_value", `no status of an agent: ${status}`, {
        hint: `a status is one of ${Object.keys(FROM).join(", ")}`,
      });
    }
    const store = await this.#store.get();
    const change = await store.changeStatus(agentId, FROM[status], status, reason, withAudit(options));
    if (!change.changed && change.status !== null) throw wrongState(agentId, change.status);
    return change.changed;
  }

  /**
   * Lets a suspended agent work again and clears the reason; false for an unknown agent.
   *
   * @throws {AppError} `wrong_state` for an agent that is retired
   */
  activate(agentId: string, options: AuditOption = {}): Promise<boolean> {
    return this.setAgentStatus(agentId, "ACTIVE", null, options);
  }

  /** Status and reason; null for an unknown agent. */
  async getAgentStatus(agentId: string): Promise<AgentStatus | null> {
    return await (await this.#store.get()).getStatus(agentId);
  }

  /** Closes the file of `dbPath`. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function refused(reason: string): HandshakeResult {
  return { accepted: false, session_token: null, reason };
}

function wrongState(agentId: string, status: string): AppError {
  return new AppError("wrong_state", `agent ${agentId} is ${status}`, {
    hint: status === "RETIRED"
      ? "a retired agent stays so; register a new one"
      : "an operator can activate it",
    details: { agent_id: agentId, status },
  });
}

function encode(contract: Readonly<Record<string, unknown>>): string {
  return dumpsJsonDict(contract, { sortKeys: false, allowNan: false });
}

/** A member of an object of its own; undefined for anything else. */
function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value)).get(key);
}
