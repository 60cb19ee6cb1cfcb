/**
 * What agents know: a session for each flow, a state for each agent.
 *
 * @module
 */
import { StorageError } from "../errors.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import type { JsonValue } from "../json_value.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";

/** Options of {@linkcode ContextStore}. */
export type ContextStoreOptions = ManagerOptions<"context">;

/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** An agent's state with its version. */
export interface AgentState {
  /** The state; `{}` when there is none. */
  readonly state: JsonObject;
  /** 0 when there is none, then one more with each write. */
  readonly version: number;
}

/** What an agent gets to work with. */
export interface WorkingContext {
  /** Whose it is. */
  readonly meta: { readonly agent_id: string; readonly dfid: string; readonly source: "ContextStore" };
  /** The session of the flow. */
  readonly session: JsonObject;
  /** The state of the agent. */
  readonly state: JsonObject;
  /** Empty: for the caller's own additions. */
  readonly memory: JsonObject;
  /** Empty: for the caller's own additions. */
  readonly artifacts: JsonObject;
}

const METHODS = [
  "getSession",
  "mergeSession",
  "mergeState",
  "getStateVersioned",
  "compareAndSetState",
  "readContext",
] as const;

/**
 * Sessions and states as objects. Updates of different callers are never lost: each is one transaction.
 *
 * @example
 * ```ts
 * import { ContextStore, memoryStorage } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const context = new ContextStore({ storage: memoryStorage().context });
 * await Promise.all([context.updateSession("df1", { a: 1 }), context.updateSession("df1", { b: 2 })]);
 * assertEquals(await context.getSession("df1"), { a: 1, b: 2 });
 * ```
 */
export class ContextStore implements AsyncDisposable {
  readonly #store: ManagedStore<"context">;

  /** On a store; throws `invalid_value` for none, or one that lacks a method. */
  constructor(...args: ArgumentList<[dbPath?: string | null], ContextStoreOptions>) {
    const options = byName<ContextStoreOptions>(args, ["dbPath"]);
    this.#store = new ManagedStore({ manager: "ContextStore", slot: "context", methods: METHODS }, options);
  }

  /** The session of a flow; `{}` when there is none. */
  async getSession(dfid: string): Promise<JsonObject> {
    return parseObject(await (await this.#store.get()).getSession(dfid));
  }

  /** The state of an agent; `{}` when there is none. */
  async getState(agentId: string): Promise<JsonObject> {
    return (await this.getStateVersioned(agentId)).state;
  }

  /** Puts the members of `data` over those of the session, top level only; the session afterwards. */
  async updateSession(dfid: string, data: Readonly<Record<string, unknown>>): Promise<JsonObject> {
    return parseObject(await (await this.#store.get()).mergeSession(dfid, encode(data)));
  }

  /** Puts the members of `data` over those of the state, top level only; the state afterwards. */
  async updateState(agentId: string, data: Readonly<Record<string, unknown>>): Promise<AgentState> {
    const { data: text, version } = await (await this.#store.get()).mergeState(agentId, encode(data));
    return { state: parseObject(text), version };
  }

  /** The state of an agent with the version that {@linkcode ContextStore.compareAndSetState} asks for. */
  async getStateVersioned(agentId: string): Promise<AgentState> {
    const found = await (await this.#store.get()).getStateVersioned(agentId);
    return { state: parseObject(found?.data ?? null), version: found?.version ?? 0 };
  }

  /** Replaces the state if nobody has written since that version; the new version, else null. */
  async compareAndSetState(
    agentId: string,
    expectedVersion: number,
    data: Readonly<Record<string, unknown>>,
  ): Promise<number | null> {
    return await (await this.#store.get()).compareAndSetState(agentId, expectedVersion, encode(data));
  }

  /** Session and state as of one instant. */
  async compileWorkingContext(agentId: string, dfid: string): Promise<WorkingContext> {
    const { session, state } = await (await this.#store.get()).readContext(agentId, dfid);
    return {
      meta: { agent_id: agentId, dfid, source: "ContextStore" },
      session: parseObject(session),
      state: parseObject(state),
      memory: {},
      artifacts: {},
    };
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

function encode(data: Readonly<Record<string, unknown>>): string {
  return dumpsJsonDict(data, { sortKeys: false, allowNan: false });
}

/** What this manager has written is an object; the store itself takes any JSON. */
function parseObject(text: string | null): JsonObject {
  const value: JsonValue = JSON.parse(text || "{}");
  if (isObject(value)) return value;
  throw new StorageError("a session or state was stored that is no JSON object", { details: { value } });
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
