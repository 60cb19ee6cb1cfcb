/**
 * What was decided, in order, in a chain of hashes (`../audit_chain.ts`).
 *
 * @module
 */
import type { JsonValue } from "../json_value.ts";
import type { Page, Store } from "./store.ts";

/** Optional parts of an event. */
export interface AuditOptions {
  /** Step of the flow; default `""`. */
  readonly stepId?: string;
  /** State of the flow; default `""`. */
  readonly state?: string;
  /** Facts, encoded with `dumpsJsonDict(details, {allowNan: false})`; null and default: `{}`. */
  readonly details?: Readonly<Record<string, unknown>> | null;
}

/** An event that is written along with a change. */
export interface NewAuditEvent extends AuditOptions {
  /** The flow. */
  readonly dfid: string;
  /** What happened. */
  readonly event: string;
}

/** One event. */
export interface AuditEvent {
  /** The flow. */
  readonly dfid: string;
  /** What happened. */
  readonly event: string;
  /** When. */
  readonly timestamp: string;
  /** Step of the flow. */
  readonly step_id: string;
  /** State of the flow. */
  readonly state: string;
  /** Facts. */
  readonly details: JsonValue;
  /** Its place: 1, 2, 3... without gaps. */
  readonly seq: number;
  /** Its link of the chain. */
  readonly hash: string;
}

/** The chain up to and including an event; `seq` 0 with `GENESIS_HASH` is the empty one. */
export interface AuditHead {
  /** Of the last event. */
  readonly seq: number;
  /** Of the last event. */
  readonly hash: string;
}

/** An event as it is stored: what the hash is made of. */
export interface AuditLink extends AuditHead {
  /** The flow. */
  readonly dfid: string;
  /** What happened. */
  readonly event: string;
  /** When, as text. */
  readonly timestamp: string;
  /** Step of the flow. */
  readonly step_id: string;
  /** State of the flow. */
  readonly state: string;
  /** The stored JSON text. */
  readonly details_json: string;
}

/** The events, append-only. */
export interface DecisionAuditStorage extends Store {
  /** Prepares the store; idempotent. */
  initSchema(): Promise<void>;
  /** Appends an event; returns the chain's new head. */
  record(dfid: string, event: string, options?: AuditOptions): Promise<AuditHead>;
  /** Events of one flow. */
  eventsForDfid(dfid: string, page?: Page): Promise<AuditEvent[]>;
  /** Events of all flows, in the order of recording. */
  allEventsChronological(page?: Page): Promise<AuditEvent[]>;
  /** The end of the chain. */
  head(): Promise<AuditHead>;
  /** The last event that retention has removed: where the chain starts now. The empty head when none was. */
  checkpoint(): Promise<AuditHead>;
  /** The stored events as they are, ordered by `seq`, damage included. */
  chain(page?: Page): Promise<AuditLink[]>;
  /**
   * Removes the longest run of oldest events that are all older than that time and sets the
   * checkpoint, in one transaction; returns how many.
   */
  prune(beforeMicros: number): Promise<number>;
}
