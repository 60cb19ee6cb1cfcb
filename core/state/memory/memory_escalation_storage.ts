/**
 * Questions to a human, in memory.
 *
 * @module
 */
import { checkInteger, checkJson, checkSpan, checkText, checkTextOrNull, checkTime } from "../check_input.ts";
import type {
  BudgetAnswer,
  BudgetOptions,
  EscalationDecision,
  EscalationRequest,
  EscalationStorage,
  NewEscalation,
  PendingRequest,
  ResolveOptions,
} from "../contracts/escalation.ts";
import type { Page } from "../contracts/store.ts";
import { parseStoredJson } from "../json_value.ts";
import { leaseEnd } from "../lease_end.ts";
import { formatStamp, formatStampOrNull } from "../stamp.ts";
import { atomically, type MemoryOptions, MemoryUnit, removeWhere, takePage } from "./memory_unit.ts";

interface Question extends NewEscalation {
  readonly requestId: string | null;
  readonly seq: number;
  readonly createdAt: number;
  readonly resolvedAt: number | null;
  readonly decision: string | null;
}

interface Decision {
  readonly question: Question;
  readonly decision: string;
  readonly resolvedAt: number;
  readonly seq: number;
}

/** Questions and tokens in Maps, decisions in an array. */
export class MemoryEscalationStorage implements EscalationStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #tokens = new Map<string, number[]>();
  readonly #questions = new Map<string, Question>();
  #decisions: Decision[] = [];
  #lastQuestion = 0;
  #lastDecision = 0;

  /** A store without questions. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
  }

  /** Nothing to prepare. */
  initSchema(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode EscalationStorage.getWindowCount}. */
  getWindowCount(agentId: string, since: string): Promise<number> {
    return atomically(() => this.#countSince(agentId, checkTime(since, "since")));
  }

  /** See {@linkcode EscalationStorage.recordBudgetToken}. */
  recordBudgetToken(agentId: string): Promise<void> {
    return atomically(() => {
      checkText(agentId, "agent_id");
      this.#take(agentId, this.#clock.nowMicros());
    });
  }

  /** See {@linkcode EscalationStorage.insertRequest}. */
  insertRequest(
    dfid: string,
    agentId: string,
    reason: string,
    contextJson: string,
    proposalJson: string,
    impact: string,
  ): Promise<void> {
    return atomically(() => {
      const request = { dfid, agentId, reason, contextJson, proposalJson, impact };
      checkRequest(request);
      this.#ask(request, this.#clock.nowMicros());
    });
  }

  /** See {@linkcode EscalationStorage.resolveRequest}. */
  resolveRequest(
    dfid: string,
    resolvedAt: string,
    decision: string,
    proposalJson: string | null,
    { along, requestId }: ResolveOptions = {},
  ): Promise<boolean> {
    return atomically(() => {
      const micros = checkTime(resolvedAt, "resolved_at");
      checkText(decision, "decision");
      if (proposalJson !== null) checkJson(proposalJson, "proposal");
      const commit = this.unit.prepare(along);
      const found = this.#questions.get(dfid);
      if (found === undefined || !isMeant(found, requestId)) return false;
      const question = {
        ...found,
        proposalJson: proposalJson || found.proposalJson,
        resolvedAt: micros,
        decision,
      };
      this.#questions.set(dfid, question);
      this.#decisions.push({ question, decision, resolvedAt: micros, seq: ++this.#lastDecision });
      commit();
      return true;
    });
  }

  /** See {@linkcode EscalationStorage.getPendingRequests}. */
  getPendingRequests(page?: Page): Promise<PendingRequest[]> {
    return atomically(() => {
      const waiting = [...this.#questions.values()].filter(({ decision }) => decision === null);
      return takePage(waiting, page).map(pendingRequest);
    });
  }

  /** See {@linkcode EscalationStorage.requestWithinBudget}. */
  requestWithinBudget(request: NewEscalation, options: BudgetOptions): Promise<BudgetAnswer> {
    return atomically(() => {
      checkRequest(request);
      checkInteger(options.maxRequests, "maxRequests");
      checkSpan(options.windowMs, "windowMs");
      const commit = this.unit.prepare(options.along);
      if (this.#isKnown(request)) return "known";
      const now = this.#clock.nowMicros();
      const askedAt = Math.min(options.atMicros ?? now, now);
      const taken = this.#countSince(request.agentId, leaseEnd(askedAt, -options.windowMs));
      if (taken >= options.maxRequests) return "exhausted";
      this.#take(request.agentId, askedAt);
      this.#ask(request, askedAt);
      commit();
      return "granted";
    });
  }

  /** See {@linkcode EscalationStorage.getRequest}. */
  getRequest(dfid: string): Promise<EscalationRequest | null> {
    return atomically(() => {
      const question = this.#questions.get(dfid);
      if (question === undefined) return null;
      return {
        ...pendingRequest(question),
        status: question.decision === null ? "PENDING" : "RESOLVED",
        resolved_at: formatStampOrNull(question.resolvedAt),
        human_decision: question.decision,
      };
    });
  }

  /** See {@linkcode EscalationStorage.getDecisions}. */
  getDecisions(dfid?: string, page?: Page): Promise<EscalationDecision[]> {
    return atomically(() => {
      const rows = this.#decisions.filter(({ question }) => dfid === undefined || question.dfid === dfid);
      return takePage(rows, page).map(({ question, decision, resolvedAt, seq }) => ({
        dfid: question.dfid,
        agent_id: question.agentId,
        request_id: question.requestId,
        decision,
        proposal: parseStoredJson(question.proposalJson),
        resolved_at: formatStamp(resolvedAt),
        seq,
      }));
    });
  }

  /** See {@linkcode EscalationStorage.prune}. */
  prune(beforeMicros: number): Promise<number> {
    return atomically(() => {
      let removed = 0;
      for (const [agentId, tokens] of this.#tokens) {
        const kept = tokens.filter((micros) => micros >= beforeMicros);
        removed += tokens.length - kept.length;
        if (kept.length > 0) this.#tokens.set(agentId, kept);
        else this.#tokens.delete(agentId);
      }
      removed += removeWhere(
        this.#questions,
        ({ resolvedAt }) => resolvedAt !== null && resolvedAt < beforeMicros,
      );
      const kept = this.#decisions.filter(({ question, resolvedAt }) =>
        resolvedAt >= beforeMicros || this.#questions.has(question.dfid)
      );
      removed += this.#decisions.length - kept.length;
      this.#decisions = kept;
      return removed;
    });
  }

  #countSince(agentId: string, micros: number): number {
    return this.#tokens.get(agentId)?.filter((token) => token >= micros).length ?? 0;
  }

  #take(agentId: string, micros: number): void {
    this.#tokens.set(agentId, [...this.#tokens.get(agentId) ?? [], micros]);
  }

  #ask(request: NewEscalation, createdAt: number): void {
    const seq = this.#questions.get(request.dfid)?.seq ?? ++this.#lastQuestion;
    const requestId = request.requestId ?? null;
    this.#questions.set(request.dfid, {
      ...request,
      requestId,
      seq,
      createdAt,
      resolvedAt: null,
      decision: null,
    });
  }

  #isKnown({ dfid, requestId = null }: NewEscalation): boolean {
    if (requestId === null) return false;
    return this.#questions.get(dfid)?.requestId === requestId ||
      this.#decisions.some(({ question }) => question.dfid === dfid && question.requestId === requestId);
  }
}

function isMeant(found: Question, requestId: string | undefined): boolean {
  return requestId === undefined || (found.requestId === requestId && found.decision === null);
}

function checkRequest(request: NewEscalation): void {
  checkText(request.dfid, "dfid");
  checkText(request.agentId, "agent_id");
  checkText(request.reason, "reason");
  checkJson(request.contextJson, "context");
  checkJson(request.proposalJson, "proposal");
  checkText(request.impact, "impact");
  checkTextOrNull(request.requestId ?? null, "request_id");
}

function pendingRequest(question: Question): PendingRequest {
  return {
    dfid: question.dfid,
    agent_id: question.agentId,
    reason: question.reason,
    context: parseStoredJson(question.contextJson),
    proposal: parseStoredJson(question.proposalJson),
    impact: question.impact,
    request_id: question.requestId,
    created_at: formatStamp(question.createdAt),
    seq: question.seq,
  };
}
