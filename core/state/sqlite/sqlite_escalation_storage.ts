/**
 * Questions to a human in SQLite.
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
import type { Connection } from "./connection.ts";
import { PAGE, pageParameters, SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const COUNT_TOKENS = `SELECT count(*) AS count FROM budget_tokens WHERE agent_id = ? AND taken_at >= ?`;
const TAKE_TOKEN = `INSERT INTO budget_tokens (agent_id, taken_at) VALUES (?, ?)`;
const INSERT = `INSERT INTO escalations
    (dfid, agent_id, reason, context, proposal, impact, request_id, created_at, status)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'PENDING')
  ON CONFLICT (dfid) DO UPDATE SET agent_id = ?2, reason = ?3, context = ?4, proposal = ?5, impact = ?6,
    request_id = ?7, created_at = ?8, status = 'PENDING', resolved_at = NULL, human_decision = NULL`;
const IS_KNOWN = `SELECT 1 AS known FROM escalations WHERE dfid = ?1 AND request_id = ?2
  UNION ALL SELECT 1 FROM escalation_decisions WHERE dfid = ?1 AND request_id = ?2 LIMIT 1`;
const COLUMNS = `seq, dfid, agent_id, reason, context, proposal, impact, request_id, created_at, status,
  resolved_at, human_decision`;
const GET = `SELECT ${COLUMNS} FROM escalations WHERE dfid = ?`;
const PENDING = `SELECT ${COLUMNS} FROM escalations
  WHERE status = 'PENDING' AND ${PAGE}`;
const RESOLVE = `UPDATE escalations
  SET status = 'RESOLVED', resolved_at = ?2, human_decision = ?3, proposal = coalesce(?4, proposal)
  WHERE dfid = ?1 RETURNING agent_id, request_id, proposal`;
const DECIDE = `INSERT INTO escalation_decisions
    (dfid, agent_id, request_id, decision, proposal, resolved_at)
  VALUES (?, ?, ?, ?, ?, ?)`;
const DECISION = `seq, dfid, agent_id, request_id, decision, proposal, resolved_at`;
const DECISIONS = `SELECT ${DECISION} FROM escalation_decisions WHERE ${PAGE}`;
const DECISIONS_OF_FLOW = `SELECT ${DECISION} FROM escalation_decisions
  WHERE dfid = ? AND ${PAGE}`;
const PRUNE_TOKENS = `DELETE FROM budget_tokens WHERE taken_at < ?`;
const PRUNE_QUESTIONS = `DELETE FROM escalations WHERE resolved_at < ?`;
const PRUNE_DECISIONS = `DELETE FROM escalation_decisions WHERE resolved_at < ?
  AND NOT EXISTS (SELECT 1 FROM escalations WHERE escalations.dfid = escalation_decisions.dfid)`;

interface StoredRequest extends Record<string, string | number | null> {
  seq: number;
  dfid: string;
  agent_id: string;
  reason: string;
  context: string;
  proposal: string;
  impact: string;
  request_id: string | null;
  created_at: number;
  status: "PENDING" | "RESOLVED";
  resolved_at: number | null;
  human_decision: string | null;
}

interface StoredDecision extends Record<string, string | number | null> {
  seq: number;
  dfid: string;
  agent_id: string;
  request_id: string | null;
  decision: string;
  proposal: string;
  resolved_at: number;
}

/** {@linkcode EscalationStorage} in SQLite. */
export class SqliteEscalationStorage extends SqliteStore implements EscalationStorage {
  /** How many tokens an agent took at or after that time. */
  async getWindowCount(agentId: string, since: string): Promise<number> {
    const sinceMicros = checkTime(since, "since");
    return await this.unit.read((connection) => countTokens(connection, agentId, sinceMicros));
  }

  /** Takes a token, now. */
  async recordBudgetToken(agentId: string): Promise<void> {
    checkText(agentId, "agentId");
    await this.unit.write((connection) => connection.run(TAKE_TOKEN, agentId, this.unit.nowMicros()));
  }

  /** Stores the flow's question in place of its latest. */
  async insertRequest(
    dfid: string,
    agentId: string,
    reason: string,
    contextJson: string,
    proposalJson: string,
    impact: string,
  ): Promise<void> {
    const request = { dfid, agentId, reason, contextJson, proposalJson, impact };
    checkRequest(request);
    await this.unit.write((connection) => insert(connection, request, this.unit.nowMicros()));
  }

  /** Adds a decision on the flow's latest question; false for an unknown flow. */
  async resolveRequest(
    dfid: string,
    resolvedAt: string,
    decision: string,
    proposalJson: string | null,
    { along, requestId }: ResolveOptions = {},
  ): Promise<boolean> {
    const resolvedMicros = checkTime(resolvedAt, "resolvedAt");
    checkText(decision, "decision");
    if (proposalJson !== null) checkJson(proposalJson, "proposalJson");
    return await this.unit.write((connection) => {
      if (requestId !== undefined) {
        const found = connection.get<StoredRequest>(GET, dfid);
        if (found === undefined || !isMeant(found, requestId)) return false;
      }
      const resolved = connection.get<Pick<StoredRequest, "agent_id" | "request_id" | "proposal">>(
        RESOLVE,
        dfid,
        resolvedMicros,
        decision,
        proposalJson || null,
      );
      if (resolved === undefined) return false;
      const { agent_id, request_id, proposal } = resolved;
      connection.run(DECIDE, dfid, agent_id, request_id, decision, proposal, resolvedMicros);
      writeAlong(connection, along, this.unit.nowMicros());
      return true;
    });
  }

  /** The questions that wait. */
  async getPendingRequests(page: Page = {}): Promise<PendingRequest[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) =>
      connection.all<StoredRequest>(PENDING, ...parameters).map(toPending)
    );
  }

  /** Counts the agent's tokens in the window, takes one, stores the question. */
  async requestWithinBudget(request: NewEscalation, options: BudgetOptions): Promise<BudgetAnswer> {
    const { maxRequests, windowMs, atMicros, along } = options;
    const { dfid, agentId, requestId = null } = request;
    checkRequest(request);
    checkInteger(maxRequests, "maxRequests");
    checkSpan(windowMs, "windowMs");
    return await this.unit.write((connection): BudgetAnswer => {
      if (requestId !== null && connection.get(IS_KNOWN, dfid, requestId) !== undefined) return "known";
      const now = this.unit.nowMicros();
      const askedAt = Math.min(atMicros ?? now, now);
      const taken = countTokens(connection, agentId, leaseEnd(askedAt, -windowMs));
      if (taken >= maxRequests) return "exhausted";
      connection.run(TAKE_TOKEN, agentId, askedAt);
      insert(connection, request, askedAt);
      writeAlong(connection, along, now);
      return "granted";
    });
  }

  /** A flow's latest question, or null. */
  getRequest(dfid: string): Promise<EscalationRequest | null> {
    return this.unit.read((connection) => {
      const row = connection.get<StoredRequest>(GET, dfid);
      if (row === undefined) return null;
      const { status, resolved_at, human_decision } = row;
      return { ...toPending(row), status, resolved_at: formatStampOrNull(resolved_at), human_decision };
    });
  }

  /** All decisions of a flow, or of all flows. */
  async getDecisions(dfid?: string, page: Page = {}): Promise<EscalationDecision[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) => {
      const rows = dfid === undefined
        ? connection.all<StoredDecision>(DECISIONS, ...parameters)
        : connection.all<StoredDecision>(DECISIONS_OF_FLOW, dfid, ...parameters);
      return rows.map(toDecision);
    });
  }

  /** Removes what is older than that time and settled; returns how many rows. */
  prune(beforeMicros: number): Promise<number> {
    return this.unit.write((connection) =>
      [PRUNE_TOKENS, PRUNE_QUESTIONS, PRUNE_DECISIONS]
        .reduce((rows, statement) => rows + connection.run(statement, beforeMicros), 0)
    );
  }
}

function isMeant({ request_id, status }: StoredRequest, requestId: string | undefined): boolean {
  return requestId === undefined || (request_id === requestId && status === "PENDING");
}

function checkRequest(request: NewEscalation): void {
  const { dfid, agentId, reason, contextJson, proposalJson, impact, requestId = null } = request;
  checkText(dfid, "dfid");
  checkText(agentId, "agentId");
  checkText(reason, "reason");
  checkJson(contextJson, "contextJson");
  checkJson(proposalJson, "proposalJson");
  checkText(impact, "impact");
  checkTextOrNull(requestId, "requestId");
}

function countTokens(connection: Connection, agentId: string, sinceMicros: number): number {
  return connection.get<{ count: number }>(COUNT_TOKENS, agentId, sinceMicros)?.count ?? 0;
}

function insert(connection: Connection, request: NewEscalation, createdAt: number): void {
  const { dfid, agentId, reason, contextJson, proposalJson, impact, requestId = null } = request;
  connection.run(INSERT, dfid, agentId, reason, contextJson, proposalJson, impact, requestId, createdAt);
}

function toDecision(row: StoredDecision): EscalationDecision {
  const { dfid, agent_id, request_id, decision, proposal, resolved_at, seq } = row;
  return {
    dfid,
    agent_id,
    request_id,
    decision,
    proposal: parseStoredJson(proposal),
    resolved_at: formatStamp(resolved_at),
    seq,
  };
}

function toPending(row: StoredRequest): PendingRequest {
  const { dfid, agent_id, reason, context, proposal, impact, request_id, created_at, seq } = row;
  return {
    dfid,
    agent_id,
    reason,
    context: parseStoredJson(context),
    proposal: parseStoredJson(proposal),
    impact,
    request_id,
    created_at: formatStamp(created_at),
    seq,
  };
}
