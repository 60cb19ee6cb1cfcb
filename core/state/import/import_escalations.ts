/**
 * Questions to a human of the reference, the budget for asking, and the answers.
 *
 * @module
 */
import { invalid } from "../check_input.ts";
import type { ImportRun, TableImport } from "./import_run.ts";
import type { ReferenceRow } from "./reference_row.ts";
import { Tally } from "./tally.ts";

const IS_ASKED = `SELECT 1 AS asked FROM escalations WHERE dfid = ?`;
/** The flow's first question fixes its place, the last one is its question. */
const ASK = `INSERT INTO escalations
    (dfid, agent_id, reason, context, proposal, impact, created_at, status, resolved_at, human_decision)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
  ON CONFLICT (dfid) DO UPDATE SET agent_id = ?2, reason = ?3, context = ?4, proposal = ?5, impact = ?6,
    created_at = ?7, status = ?8, resolved_at = ?9, human_decision = ?10`;
const DECIDE = `INSERT INTO escalation_decisions (dfid, agent_id, decision, proposal, resolved_at)
  VALUES (?, ?, ?, ?, ?)`;
const TOKENS = `SELECT taken_at FROM budget_tokens WHERE agent_id = ?`;
const TAKE_TOKEN = `INSERT INTO budget_tokens (agent_id, taken_at) VALUES (?, ?)`;

/** The words for a question that is settled; the last three came with G2. */
const SETTLED = ["RESOLVED", "APPROVED", "REJECTED", "CANCELLED"];

interface Question {
  readonly dfid: string;
  readonly agentId: string;
  readonly reason: string;
  readonly context: string;
  readonly proposal: string;
  readonly impact: string;
  readonly createdAt: number;
  /** Null while it waits. */
  readonly settled: { readonly at: number; readonly decision: string } | null;
}

/** Brings tokens, questions and decisions in. A flow that has asked here keeps what it has here. */
export function importEscalations(run: ImportRun): void {
  importTokens(run);
  const requests = {
    table: "escalation_requests",
    named: ["dfid"],
    columns: [
      "agent_id",
      "reason",
      "context_json",
      "proposal_json",
      "impact",
      "status",
      "created_at",
      "resolved_at",
      "human_decision",
    ],
  };
  const read = (row: ReferenceRow) => ({ rowid: row.rowid, question: readQuestion(row, run.nowMicros) });
  const last = new Map<string, number>();
  for (const { rowid, question } of run.readable({ ...requests, read })) last.set(question.dfid, rowid);
  run.importTable({ ...requests, ...writeQuestions(last, read) });
}

/** A token is nothing but the time at which it was taken. */
function importTokens(run: ImportRun): void {
  const ours = new Tally((agentId) =>
    run.target.all<{ taken_at: number }>(TOKENS, agentId).map(({ taken_at }) => String(taken_at))
  );
  run.importTable({
    table: "escalation_budget",
    named: ["agent_id"],
    columns: ["created_at"],
    read: (row) => {
      const takenAt = row.timeOrNull("created_at");
      if (takenAt === null) throw invalid("created_at is missing");
      return { agentId: row.text("agent_id"), takenAt };
    },
    write: ({ agentId, takenAt }, target) =>
      !ours.take(agentId, String(takenAt)) && target.run(TAKE_TOKEN, agentId, takenAt) > 0,
  });
}

function readQuestion(row: ReferenceRow, nowMicros: number): Question {
  const status = row.textOrNull("status") ?? "PENDING";
  const createdAt = row.timeOrNull("created_at") ?? nowMicros;
  const question = {
    dfid: row.text("dfid"),
    agentId: row.text("agent_id"),
    reason: row.textOrNull("reason") ?? "",
    context: row.json("context_json"),
    proposal: row.json("proposal_json"),
    impact: row.textOrNull("impact") ?? "",
    createdAt,
  };
  if (status === "PENDING") return { ...question, settled: null };
  if (!SETTLED.includes(status)) throw invalid(`status is ${status}, which says nothing here`);
  const decision = row.textOrNull("human_decision") ?? status;
  return { ...question, settled: { at: row.timeOrNull("resolved_at") ?? createdAt, decision } };
}

type Reading = { readonly rowid: number; readonly question: Question };

/** G2 has a row for each question, G1 only one for each flow. */
function writeQuestions(
  last: ReadonlyMap<string, number>,
  readRow: (row: ReferenceRow) => Reading,
): Pick<TableImport<Question>, "read" | "write"> {
  const brought = new Set<string>();
  return {
    read: (row) => {
      const { rowid, question } = readRow(row);
      if (question.settled === null && rowid !== last.get(question.dfid)) {
        throw invalid("a later question of the flow took its place");
      }
      return question;
    },
    write: (question, target) => {
      const { dfid, agentId, reason, context, proposal, impact, createdAt, settled } = question;
      if (!brought.has(dfid) && target.get(IS_ASKED, dfid) !== undefined) return false;
      brought.add(dfid);
      const state = settled === null ? ["PENDING", null, null] : ["RESOLVED", settled.at, settled.decision];
      target.run(ASK, dfid, agentId, reason, context, proposal, impact, createdAt, ...state);
      if (settled !== null) target.run(DECIDE, dfid, agentId, settled.decision, proposal, settled.at);
      return true;
    },
  };
}
