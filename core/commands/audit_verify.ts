/**
 * `carrel audit verify`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { type AuditProblem, EMPTY_HEAD, verifyAuditChain } from "../state/audit_chain.ts";
import type { AuditHead } from "../state/contracts/decision_audit.ts";
import { command } from "./app.ts";

/** Checks the audit. */
export default command({
  summary: "Check that nothing recorded was changed, removed or moved; print the head",
  description:
    "Who can write the whole file can cut off its end, or make a new chain: keep the head that this prints somewhere else, and give it to the next check.",
  examples: [
    { line: "carrel audit verify > /elsewhere/head", note: "prints SEQ:HASH of the last event" },
    {
      line: "carrel audit verify --head 3:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      note: "what was there then must be there still",
    },
  ],
  flags: {
    head: {
      kind: "value",
      placeholder: "SEQ:HASH",
      parse: parseHead,
      summary: "a head that was printed earlier",
    },
  },
  async run(app, { flags }) {
    const state = await (await app.carrel()).existingState();
    const known = flags.head === undefined ? {} : { head: flags.head };
    const { problem, head, checked } = state === null
      ? verifyNothing(flags.head)
      : await verifyAuditChain(state.decisionAudit, known);
    return {
      data: { ok: problem === null, checked, head, problem },
      addresses: problem === null ? [wordHead(head)] : [],
      ...(problem === null ? {} : { error: toError(problem, head, flags.head) }),
    };
  },
  text: ({ ok, head }) => ok ? wordHead(head) : "",
});

function wordHead({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}

/** A store that is not there is an empty chain. */
function verifyNothing(known: AuditHead | undefined) {
  const problem = known === undefined || known.seq === 0 ? null : { kind: "cut" as const, seq: known.seq };
  return { problem, head: EMPTY_HEAD, checked: 0 };
}

function parseHead(text: string): AuditHead {
  const [, seq = "", hash = ""] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (hash !== "") return { seq: Number(seq), hash };
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not the head of an audit`, {
    hint: "give what `carrel audit verify` printed: a number, a colon and 64 hex digits",
  });
}

function toError({ kind, seq }: AuditProblem, head: AuditHead, known: AuditHead | undefined): AppError {
  const details = { problem: kind, seq };
  if (kind === "pruned") {
    return new AppError("wrong_state", `event ${seq}, the known head, was removed by retention`, {
      hint: "check without --head, and keep the head which that prints",
      details,
    });
  }
  const sound = head.seq === 0 ? "no event before it can be relied on" : `events up to ${head.seq} are sound`;
  const words = {
    changed: `event ${seq} is not what was recorded there`,
    missing: `events before ${seq} are missing`,
    cut: `the audit ends at event ${head.seq}, before the known head ${known?.seq}`,
    rewritten: `event ${seq} is not the one of the known head`,
  }[kind];
  return new AppError("record_damaged", `the audit was tampered with or is damaged: ${words}`, {
    hint: `${sound}; compare with a backup of the state store`,
    details,
  });
}
