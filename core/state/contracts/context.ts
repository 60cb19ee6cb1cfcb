/**
 * What agents know: one session per flow, one state per agent. JSON texts, returned as they were stored.
 *
 * @module
 */
import type { AlongOption, Store } from "./store.ts";

/** A state with its version. */
export interface VersionedState {
  /** The JSON text. */
  readonly data: string;
  /** 1 at the first write, one more with each further one (D8). */
  readonly version: number;
}

/** Session and state as of one instant. */
export interface ContextSnapshot {
  /** The flow's session; null when there is none. */
  readonly session: string | null;
  /** The agent's state; null when there is none. */
  readonly state: string | null;
}

/** Sessions and states. Texts that are neither JSON nor `""` are refused (D10). */
export interface ContextStorage extends Store {
  /** Prepares the store; idempotent. */
  initSchema(): Promise<void>;
  /** The text, or null. */
  getSession(dfid: string): Promise<string | null>;
  /** Overwrites the session. */
  setSession(dfid: string, dataJson: string, options?: AlongOption): Promise<void>;
  /** The text, or null. */
  getState(agentId: string): Promise<string | null>;
  /** Overwrites the state and increments its version. */
  setState(agentId: string, dataJson: string, options?: AlongOption): Promise<void>;
  /**
   * In one transaction: puts the members of `patchJson` over those of the session (missing or `""` =
   * none), top level only. Returns the new text. Refuses when either is not an object.
   */
  mergeSession(dfid: string, patchJson: string, options?: AlongOption): Promise<string>;
  /** The same for the state; increments its version. */
  mergeState(agentId: string, patchJson: string, options?: AlongOption): Promise<VersionedState>;
  /** The state with its version, or null. */
  getStateVersioned(agentId: string): Promise<VersionedState | null>;
  /** Overwrites the state if its version is `expected` (0: if there is none). The new version, or null. */
  compareAndSetState(
    agentId: string,
    expected: number,
    dataJson: string,
    options?: AlongOption,
  ): Promise<number | null>;
  /** Both, as of one instant. */
  readContext(agentId: string, dfid: string): Promise<ContextSnapshot>;
  /** Removes sessions last written before that time; returns how many. States stay. */
  prune(beforeMicros: number): Promise<number>;
}
