/**
 * Where each flow stands and how it came there.
 *
 * The store knows no rules about which status may follow which: those are the manager's.
 *
 * @module
 */
import type { AlongOption, Page, Store } from "./store.ts";

/** One step of a flow. */
export interface TransitionRow {
  /** The flow. */
  readonly dfid: string;
  /** As given. */
  readonly from_status: string | null;
  /** Its status since then. */
  readonly to_status: string;
  /** When. */
  readonly created_at: string;
  /** Its place among the transitions of all flows. */
  readonly seq: number;
}

/** Where a flow stands. */
export interface FlowRow {
  /** The flow. */
  readonly dfid: string;
  /** Where its last transition led. */
  readonly status: string;
  /** When that was. */
  readonly changed_at: string;
  /** Its place: its first transition fixes it (D4). */
  readonly seq: number;
}

/** Which of the newest flows. */
export interface NewestFlows {
  /** Only flows with one of these statuses; default: all. */
  readonly statuses?: readonly string[];
  /** At most so many; default: all. */
  readonly limit?: number;
  /** Only flows with a smaller `seq`; default: from the newest one on. */
  readonly before?: number;
}

/** Options of {@linkcode LifecycleStorage.transitionIf}. */
export interface TransitionOptions extends AlongOption {
  /** Where the flow may stand now; null = it is unknown. Default: only `from`. */
  readonly expected?: readonly (string | null)[];
}

/** Result of {@linkcode LifecycleStorage.transitionIf}. */
export interface TransitionResult {
  /** Whether it was written. */
  readonly moved: boolean;
  /** Where the flow stood before; null when it was unknown. */
  readonly current: string | null;
}

/** Transitions, append-only, and the status that follows from them. */
export interface LifecycleStorage extends Store {
  /** Appends a transition whatever the current status. */
  recordTransition(dfid: string, fromStatus: string | null, toStatus: string): Promise<void>;
  /** In one transaction: appends a transition if the flow stands where it is expected. */
  transitionIf(
    dfid: string,
    fromStatus: string | null,
    toStatus: string,
    options?: TransitionOptions,
  ): Promise<TransitionResult>;
  /** Where a flow stands; null for an unknown one. */
  getStatus(dfid: string): Promise<string | null>;
  /** The steps of a flow, or of all flows. */
  getTransitions(dfid?: string, page?: Page): Promise<TransitionRow[]>;
  /** All flows, or those with one of these statuses. */
  listFlows(options?: { readonly statuses?: readonly string[] } & Page): Promise<FlowRow[]>;
  /** The same, the one that was begun last first. */
  listNewestFlows(options?: NewestFlows): Promise<FlowRow[]>;
  /** Forgets flows that stand at one of `statuses` since before that time; returns how many flows. */
  prune(beforeMicros: number, statuses: readonly string[]): Promise<number>;
}
