/**
 * Where flows of the reference stand and how they came there.
 *
 * @module
 */
import { invalid } from "../check_input.ts";
import type { FlowStatus } from "../managers/flow_status.ts";
import type { Connection } from "../sqlite/connection.ts";
import type { ImportRun } from "./import_run.ts";
import type { ReferenceRow } from "./reference_row.ts";
import { Tally } from "./tally.ts";

const STEPS = `SELECT from_status, to_status, created_at FROM transitions WHERE dfid = ?`;
const IS_KNOWN = `SELECT 1 AS known FROM flows WHERE dfid = ?`;
const APPEND = `INSERT INTO transitions (dfid, from_status, to_status, created_at) VALUES (?, ?, ?, ?)`;
const SET_STATUS = `INSERT INTO flows (dfid, status, changed_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid) DO UPDATE SET status = ?2, changed_at = ?3`;

/** G2 has words of its own for where a flow stands, besides those of its transitions. */
const FLOW_WORDS: ReadonlyMap<string, FlowStatus> = new Map([
  ["CREATED", "CREATED"],
  ["RUNNING", "ACTIVE"],
  ["WAITING_ESCALATION", "ESCALATED"],
  ["COMPLETED", "CLOSED"],
  ["FAILED", "ABORTED"],
  ["CANCELLED", "ABORTED"],
  ["COMPENSATING", "PARTIAL_SUCCESS_DIRTY"],
  ["COMPENSATED", "ABORTED"],
]);

interface Step {
  readonly dfid: string;
  readonly from: string | null;
  readonly to: string;
  readonly at: number;
}

const TRANSITIONS = {
  table: "flow_transitions",
  named: ["dfid"],
  columns: ["from_status", "to_status", "created_at"],
  read: (row: ReferenceRow): Step => ({
    dfid: row.text("dfid"),
    from: row.textOrNull("from_status"),
    to: row.text("to_status"),
    at: readTime(row),
  }),
};

/** A flow that has never moved has only this row. */
const FLOWS = {
  table: "decision_flows",
  named: ["dfid"],
  columns: ["status", "created_at"],
  read: (row: ReferenceRow): Step => {
    const status = row.textOrNull("status") ?? "CREATED";
    const to = FLOW_WORDS.get(status);
    if (to === undefined) throw invalid(`status is ${status}, which says nothing here`);
    return { dfid: row.text("dfid"), from: null, to, at: readTime(row) };
  },
};

/**
 * Brings transitions in, and flows that have none yet. A flow that has gone on here, which is to say has a step
 * that the file does not know, stays where it stands.
 */
export function importFlows(run: ImportRun): void {
  const wentOn = flowsThatWentOn(run);
  const ours = newTally(run.target);
  run.importTable({
    ...TRANSITIONS,
    write: (step, target) => {
      if (wentOn.has(step.dfid) || ours.take(step.dfid, textOf(step))) return false;
      append(target, step);
      return true;
    },
  });
  run.importTable({
    ...FLOWS,
    write: (step, target) => {
      if (target.get(IS_KNOWN, step.dfid) !== undefined) return false;
      append(target, step);
      return true;
    },
  });
}

function flowsThatWentOn(run: ImportRun): Set<string> {
  const ours = newTally(run.target);
  for (const table of [TRANSITIONS, FLOWS]) {
    for (const step of run.readable(table)) ours.take(step.dfid, textOf(step));
  }
  return ours.leftovers();
}

function newTally(target: Connection): Tally {
  return new Tally((dfid) =>
    target.all<{ from_status: string | null; to_status: string; created_at: number }>(STEPS, dfid)
      .map((row) => textOf({ dfid, from: row.from_status, to: row.to_status, at: row.created_at }))
  );
}

function textOf({ from, to, at }: Step): string {
  return JSON.stringify([from, to, at]);
}

function append(target: Connection, { dfid, from, to, at }: Step): void {
  target.run(APPEND, dfid, from, to, at);
  target.run(SET_STATUS, dfid, to, at);
}

/** Steps without a time are the same again at the next import: they have that of the beginning of time. */
function readTime(row: ReferenceRow): number {
  return row.timeOrNull("created_at") ?? 0;
}
