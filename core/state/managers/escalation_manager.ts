/**
 * Asking a human, within a budget.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import { formatTimestamp } from "../../meta/time.ts";
import type { Clock } from "../../port/host.ts";
import type {
  EscalationDecision,
  EscalationRequest,
  NewEscalation,
  PendingRequest,
} from "../contracts/escalation.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import { openStateWorld } from "../state_world.ts";
import { type AuditOption, withAudit } from "./audit_option.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";

/** Answer to a request. */
export type EscalationResult = "GRANTED" | "BUDGET_EXHAUSTED";

/** What a human can decide. */
export const ESCALATION_DECISIONS = ["OVERRIDE", "MODIFY", "ABORT"] as const;

/** What a human has decided. */
export type EscalationDecisionWord = typeof ESCALATION_DECISIONS[number];

/** Options of {@linkcode EscalationManager}. */
export interface EscalationManagerOptions extends ManagerOptions<"escalation"> {
  /** So many questions of one agent are granted within the window; default 3. */
  readonly maxEscalationsPerHour?: number;
  /** How long the window is that ends now; default 3600. */
  readonly refillIntervalSec?: number;
}

/** Options of {@linkcode EscalationManager.requestEscalation}. */
export interface EscalationRequestOptions extends AuditOption {
  /** Tells apart questions of one flow, such as the hash of a file: the same question is asked once. */
  readonly requestId?: string;
  /** When it was asked, microseconds since the epoch; capped to now, which is the default. */
  readonly atMicros?: number;
}

/** A question as an agent's model states it. */
export interface EscalationModel {
  /** The flow. */
  readonly dfid: string;
  /** Who asks. */
  readonly agent_id: string;
  /** What made it ask. */
  readonly trigger: string;
  /** `LOW`, `MEDIUM`, `HIGH`, `CRITICAL`. */
  readonly severity: string;
  /** What it would do. */
  readonly policy?: EscalationPolicy | null;
  /** What led to it; default `{}`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What an agent would do. */
export interface EscalationPolicy {
  /** The kind of the proposal. */
  readonly proposed_action: string;
  /** Why. */
  readonly justification: string;
  /** From 0 to 1. */
  readonly confidence: number;
}

const METHODS = [
  "requestWithinBudget",
  "resolveRequest",
  "getPendingRequests",
  "getRequest",
  "getDecisions",
] as const;

/**
 * Questions to a human. An agent may ask so often within a sliding window; decisions are never lost.
 *
 * @example
 * ```ts
 * import { EscalationManager, memoryStorage } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const manager = new EscalationManager({ storage: memoryStorage().escalation, maxEscalationsPerHour: 1 });
 * const ask = (dfid: string) => manager.requestEscalation(dfid, "bot", "unsure", {}, { kind: "pay" }, "HIGH_IMPACT");
 * assertEquals([await ask("df1"), await ask("df2")], ["GRANTED", "BUDGET_EXHAUSTED"]);
 * await manager.resolveEscalation("df1", "ABORT");
 * assertEquals(await manager.getPending(), []);
 * ```
 */
export class EscalationManager implements AsyncDisposable {
  readonly #store: ManagedStore<"escalation">;
  readonly #clock: Clock;
  readonly #maxRequests: number;
  readonly #windowMs: number;

  /** On a store; throws `invalid_value` for none, or one that lacks a method. */
  constructor(
    ...args: ArgumentList<
      [dbPath?: string | null, maxEscalationsPerHour?: number, refillIntervalSec?: number],
      EscalationManagerOptions
    >
  ) {
    const names = ["dbPath", "maxEscalationsPerHour", "refillIntervalSec"] as const;
    const options = byName<EscalationManagerOptions>(args, names);
    this.#store = new ManagedStore(
      { manager: "EscalationManager", slot: "escalation", methods: METHODS },
      options,
    );
    this.#clock = openStateWorld(options).clock;
    this.#maxRequests = options.maxEscalationsPerHour ?? 3;
    this.#windowMs = (options.refillIntervalSec ?? 3600) * 1000;
  }

  /**
   * Asks, if the agent's budget allows: budget, token and question are one transaction. A question that
   * was asked before (by its `requestId`) is granted and costs nothing.
   */
  async requestEscalation(
    dfid: string,
    agentId: string,
    reason: string,
    context: Readonly<Record<string, unknown>>,
    proposal: Readonly<Record<string, unknown>>,
    impact: string,
    options: EscalationRequestOptions = {},
  ): Promise<EscalationResult> {
    const { requestId, atMicros } = options;
    const request: NewEscalation = {
      dfid,
      agentId,
      reason,
      contextJson: encode(context),
      proposalJson: encode(proposal),
      impact,
      requestId: requestId ?? null,
    };
    const answer = await (await this.#store.get()).requestWithinBudget(request, {
      maxRequests: this.#maxRequests,
      windowMs: this.#windowMs,
      ...atMicros === undefined ? {} : { atMicros },
      ...withAudit(options),
    });
    return answer === "exhausted" ? "BUDGET_EXHAUSTED" : "GRANTED";
  }

  /** Asks what a model states: see {@linkcode escalationFromModel}. */
  requestFromModel(
    model: EscalationModel,
    options: EscalationRequestOptions = {},
  ): Promise<EscalationResult> {
    const { reason, context, proposal, impact } = escalationFromModel(model);
    return this.requestEscalation(model.dfid, model.agent_id, reason, context, proposal, impact, options);
  }

  /**
   * Records a decision on the flow's question, with `MODIFY` also what is to be done instead; false for a
   * flow that has not asked. A later decision stands beside the earlier ones.
   *
   * @throws {AppError} `invalid_value` for another word
   */
  async resolveEscalation(
    dfid: string,
    decision: EscalationDecisionWord,
    modifiedProposal: Readonly<Record<string, unknown>> | null = null,
    options: AuditOption = {},
  ): Promise<boolean> {
    if (!ESCALATION_DECISIONS.includes(decision)) {
      throw new AppError("invalid_value", `no decision: ${String(decision)}`, {
        hint: `a decision is one of ${ESCALATION_DECISIONS.join(", ")}`,
      });
    }
    const resolvedAt = formatTimestamp(this.#clock.nowMicros());
    const proposal = modifiedProposal === null ? null : encode(modifiedProposal);
    const store = await this.#store.get();
    return await store.resolveRequest(dfid, resolvedAt, decision, proposal, withAudit(options));
  }

  /** The questions that wait, in the order of asking. */
  async getPending(): Promise<PendingRequest[]> {
    return await (await this.#store.get()).getPendingRequests();
  }

  /** The latest question of a flow, waiting or decided; null when it has asked none. */
  async getRequest(dfid: string): Promise<EscalationRequest | null> {
    return await (await this.#store.get()).getRequest(dfid);
  }

  /** All decisions, of one flow or of all, in the order of deciding. */
  async getDecisions(dfid?: string): Promise<EscalationDecision[]> {
    return await (await this.#store.get()).getDecisions(dfid);
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

/** What a model's question says in the words of a request. */
export function escalationFromModel(model: EscalationModel): {
  readonly reason: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly proposal: Readonly<Record<string, unknown>>;
  readonly impact: "HIGH_IMPACT" | "LOW_IMPACT";
} {
  const { trigger, severity, policy = null, context = {} } = model;
  const proposal = policy === null ? { kind: "escalation", params: { trigger } } : {
    kind: policy.proposed_action,
    params: {},
    justification: policy.justification,
    confidence: policy.confidence,
  };
  const impact = ["HIGH", "CRITICAL"].includes(severity) ? "HIGH_IMPACT" : "LOW_IMPACT";
  return { reason: trigger, context, proposal, impact };
}

function encode(data: Readonly<Record<string, unknown>>): string {
  return dumpsJsonDict(data, { sortKeys: false, allowNan: false });
}
