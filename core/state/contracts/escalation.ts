/**
 * Questions to a human, the budget for asking, and the answers.
 *
 * Decisions are append-only (B8). Times given as text may have a space or a `T`, a `Z`, an offset or neither
 * (= UTC) (D7). JSON texts that are neither JSON nor `""` are refused (D10); `""` reads as `{}`.
 *
 * @module
 */
import type { JsonValue } from "../json_value.ts";
import type { AlongOption, Page, Store } from "./store.ts";

/** A question to store. */
export interface NewEscalation {
  /** The flow. */
  readonly dfid: string;
  /** Who asks. */
  readonly agentId: string;
  /** Why. */
  readonly reason: string;
  /** A JSON text. */
  readonly contextJson: string;
  /** What the agent would do, a JSON text. */
  readonly proposalJson: string;
  /** How much hangs on it. */
  readonly impact: string;
  /** Tells apart questions of one flow, such as the hash of a file; default null. */
  readonly requestId?: string | null;
}

/** Options of {@linkcode EscalationStorage.requestWithinBudget}. */
export interface BudgetOptions extends AlongOption {
  /** So many questions of one agent are granted within the window. */
  readonly maxRequests: number;
  /**
   * The window starts so long before the question was asked, edge included, and ends now: who claims
   * to have asked earlier is not granted more.
   */
  readonly windowMs: number;
  /** When the question was asked: the time of its token, capped to now; default now. */
  readonly atMicros?: number;
}

/** Options of {@linkcode EscalationStorage.resolveRequest}. */
export interface ResolveOptions extends AlongOption {
  /** Decide only if the flow's latest question has this id, and waits; default: whichever it is. */
  readonly requestId?: string;
}

/** Answer of {@linkcode EscalationStorage.requestWithinBudget}. */
export type BudgetAnswer =
  /** Token taken, question stored. */
  | "granted"
  /** Nothing was written. */
  | "exhausted"
  /** The flow's latest question, or one that was decided, has this `requestId`; nothing was written. */
  | "known";

/** A question that waits. */
export interface PendingRequest {
  /** The flow. */
  readonly dfid: string;
  /** Who asks. */
  readonly agent_id: string;
  /** Why. */
  readonly reason: string;
  /** What led to it. */
  readonly context: JsonValue;
  /** What the agent would do; the human's version once there is one. */
  readonly proposal: JsonValue;
  /** How much hangs on it. */
  readonly impact: string;
  /** As given. */
  readonly request_id: string | null;
  /** When it was asked. */
  readonly created_at: string;
  /** Its place: the flow's first question fixes it (D4). */
  readonly seq: number;
}

/** A flow's latest question. */
export interface EscalationRequest extends PendingRequest {
  /** Whether it waits. */
  readonly status: "PENDING" | "RESOLVED";
  /** When it was last decided. */
  readonly resolved_at: string | null;
  /** The last decision. */
  readonly human_decision: string | null;
}

/** One decision. */
export interface EscalationDecision {
  /** The flow. */
  readonly dfid: string;
  /** Who asked. */
  readonly agent_id: string;
  /** Which question. */
  readonly request_id: string | null;
  /** The word. */
  readonly decision: string;
  /** What is to be done. */
  readonly proposal: JsonValue;
  /** When it was decided, as the caller said. */
  readonly resolved_at: string;
  /** Its place among all decisions. */
  readonly seq: number;
}

/** Questions, tokens and decisions. */
export interface EscalationStorage extends Store {
  /** Prepares the store; idempotent. */
  initSchema(): Promise<void>;
  /** How many tokens an agent took at or after that time. */
  getWindowCount(agentId: string, since: string): Promise<number>;
  /** Takes a token, now. */
  recordBudgetToken(agentId: string): Promise<void>;
  /** Stores the flow's question in place of its latest; earlier decisions stay in the list of decisions. */
  insertRequest(
    dfid: string,
    agentId: string,
    reason: string,
    contextJson: string,
    proposalJson: string,
    impact: string,
  ): Promise<void>;
  /**
   * Adds a decision on the flow's latest question and makes it `RESOLVED`; null or `""` keep its proposal
   * (D6). False, and nothing written, for an unknown flow, or if it is not the question that is meant. One
   * that is resolved may be decided again.
   */
  resolveRequest(
    dfid: string,
    resolvedAt: string,
    decision: string,
    proposalJson: string | null,
    options?: ResolveOptions,
  ): Promise<boolean>;
  /** The questions that wait. */
  getPendingRequests(page?: Page): Promise<PendingRequest[]>;
  /** In one transaction: counts the agent's tokens in the window, takes one, stores the question. */
  requestWithinBudget(request: NewEscalation, options: BudgetOptions): Promise<BudgetAnswer>;
  /** A flow's latest question, or null. */
  getRequest(dfid: string): Promise<EscalationRequest | null>;
  /** All decisions of a flow, or of all flows. */
  getDecisions(dfid?: string, page?: Page): Promise<EscalationDecision[]>;
  /**
   * Removes tokens taken before that time, questions resolved before it, and decisions made before it
   * whose flow has no question left; returns how many rows.
   */
  prune(beforeMicros: number): Promise<number>;
}
