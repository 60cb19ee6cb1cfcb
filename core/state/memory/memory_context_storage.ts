/**
 * Sessions and states, in memory.
 *
 * @module
 */
import { checkInteger, checkJson, checkText } from "../check_input.ts";
import type { ContextSnapshot, ContextStorage, VersionedState } from "../contracts/context.ts";
import type { AlongOption } from "../contracts/store.ts";
import { mergeJson } from "../merge_json.ts";
import { atomically, type MemoryOptions, MemoryUnit, removeWhere } from "./memory_unit.ts";

interface Session {
  readonly data: string;
  readonly updatedAt: number;
}

/** Sessions and states in Maps. */
export class MemoryContextStorage implements ContextStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #sessions = new Map<string, Session>();
  readonly #states = new Map<string, VersionedState>();

  /** A store without contexts. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
  }

  /** Nothing to prepare. */
  initSchema(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode ContextStorage.getSession}. */
  getSession(dfid: string): Promise<string | null> {
    return atomically(() => this.#sessions.get(dfid)?.data ?? null);
  }

  /** See {@linkcode ContextStorage.setSession}. */
  setSession(dfid: string, dataJson: string, options?: AlongOption): Promise<void> {
    return atomically(() => this.#putSession(dfid, dataJson, options));
  }

  /** See {@linkcode ContextStorage.getState}. */
  getState(agentId: string): Promise<string | null> {
    return atomically(() => this.#states.get(agentId)?.data ?? null);
  }

  /** See {@linkcode ContextStorage.setState}. */
  setState(agentId: string, dataJson: string, options?: AlongOption): Promise<void> {
    return atomically(() => void this.#putState(agentId, dataJson, options));
  }

  /** See {@linkcode ContextStorage.mergeSession}. */
  mergeSession(dfid: string, patchJson: string, options?: AlongOption): Promise<string> {
    return atomically(() => {
      const merged = mergeJson(this.#sessions.get(dfid)?.data ?? null, patchJson);
      this.#putSession(dfid, merged, options);
      return merged;
    });
  }

  /** See {@linkcode ContextStorage.mergeState}. */
  mergeState(agentId: string, patchJson: string, options?: AlongOption): Promise<VersionedState> {
    return atomically(() => {
      const merged = mergeJson(this.#states.get(agentId)?.data ?? null, patchJson);
      return this.#putState(agentId, merged, options);
    });
  }

  /** See {@linkcode ContextStorage.getStateVersioned}. */
  getStateVersioned(agentId: string): Promise<VersionedState | null> {
    return atomically(() => {
      const state = this.#states.get(agentId);
      return state === undefined ? null : { ...state };
    });
  }

  /** See {@linkcode ContextStorage.compareAndSetState}. */
  compareAndSetState(
    agentId: string,
    expected: number,
    dataJson: string,
    options?: AlongOption,
  ): Promise<number | null> {
    return atomically(() => {
      checkInteger(expected, "expected version");
      checkJson(dataJson, "state");
      const version = this.#states.get(agentId)?.version ?? 0;
      return version === expected ? this.#putState(agentId, dataJson, options).version : null;
    });
  }

  /** See {@linkcode ContextStorage.readContext}. */
  readContext(agentId: string, dfid: string): Promise<ContextSnapshot> {
    return atomically(() => ({
      session: this.#sessions.get(dfid)?.data ?? null,
      state: this.#states.get(agentId)?.data ?? null,
    }));
  }

  /** See {@linkcode ContextStorage.prune}. */
  prune(beforeMicros: number): Promise<number> {
    return atomically(() => removeWhere(this.#sessions, ({ updatedAt }) => updatedAt < beforeMicros));
  }

  #putSession(dfid: string, data: string, { along }: AlongOption = {}): void {
    checkText(dfid, "dfid");
    checkJson(data, "session");
    this.unit.prepare(along)();
    this.#sessions.set(dfid, { data, updatedAt: this.#clock.nowMicros() });
  }

  #putState(agentId: string, data: string, { along }: AlongOption = {}): VersionedState {
    checkText(agentId, "agent_id");
    checkJson(data, "state");
    this.unit.prepare(along)();
    const state = { data, version: (this.#states.get(agentId)?.version ?? 0) + 1 };
    this.#states.set(agentId, state);
    return { ...state };
  }
}
