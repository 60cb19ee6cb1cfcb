/**
 * Flows that stopped half way, and who is putting them right.
 *
 * @module
 */
import type { JsonValue } from "../json_value.ts";
import type { AlongOption, Lease, Store } from "./store.ts";

/** What is known of a dirty flow. */
export interface DirtyState {
  /** The step that failed. */
  readonly failed_step: string;
  /** What was done before; `{}` when it was stored as `""`. */
  readonly partial_state: JsonValue;
  /** How often a compensation was begun since the flow was marked. */
  readonly attempts: number;
  /** How the last finished attempt ended; null when none has. */
  readonly last_outcome: string | null;
  /** When it was marked. */
  readonly marked_at: string;
}

/** Answer of {@linkcode SagaStorage.claimCompensation}. */
export type CompensationClaim =
  /** The caller is to do it; `attempts` counts this one. */
  | ({ readonly kind: "claimed" } & DirtyState)
  /** Somebody else is at it. */
  | { readonly kind: "busy"; readonly owner: string; readonly expires_at: string; readonly attempts: number }
  /** The flow is not dirty. */
  | { readonly kind: "clean" };

/** Who begins an attempt, and for how long it is theirs. */
export interface ClaimOptions extends Lease {
  /** The caller knows that nobody else is at it: an earlier claim counts as ended, whatever its lease. */
  readonly alone?: boolean;
}

/** How a compensation ended. */
export interface CompensationEnd extends AlongOption {
  /** Whether the flow is clean now. */
  readonly clear: boolean;
  /** One line about it. */
  readonly outcome: string;
}

/** The dirty flows. */
export interface SagaStorage extends Store {
  /** Prepares the store; idempotent. */
  initSchema(): Promise<void>;
  /**
   * Marks a flow. One that is marked keeps its place, gets the new step and state, no attempts, and any
   * claim on it ends. Refuses a state that is neither JSON nor `""` (D10).
   */
  markDirty(
    dfid: string,
    failedStep: string,
    partialStateJson: string,
    options?: AlongOption,
  ): Promise<void>;
  /** The dirty flows. */
  getDirtyFlows(): Promise<string[]>;
  /** What is known of one, or null. */
  getDirtyState(dfid: string): Promise<DirtyState | null>;
  /** Makes a flow clean, claims included; nothing for one that is. */
  clearDirty(dfid: string): Promise<void>;
  /** In one transaction: begins an attempt unless another owner's lease still holds. */
  claimCompensation(dfid: string, options: ClaimOptions): Promise<CompensationClaim>;
  /** Makes the lease end `leaseMs` from now; false if the owner's claim no longer stands. */
  renewCompensation(dfid: string, owner: string, leaseMs: number): Promise<boolean>;
  /** Ends the owner's attempt; false, and nothing written, if its claim no longer stands. */
  finishCompensation(dfid: string, owner: string, end: CompensationEnd): Promise<boolean>;
}
