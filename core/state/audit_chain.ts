/**
 * The audit as a chain: the hash of each event covers the event before it, so that none can be changed,
 * removed or moved without breaking every later one.
 *
 * @module
 */
import type { AuditHead, AuditLink, DecisionAuditStorage } from "./contracts/decision_audit.ts";
import { sha256Hex } from "./sha256.ts";

/** The hash before the first event. */
export const GENESIS_HASH: string = "0".repeat(64);

/** The chain without events. */
export const EMPTY_HEAD: AuditHead = { seq: 0, hash: GENESIS_HASH };

/** What the hash of an event is made of, besides the hash before it. */
export type AuditContent = Omit<AuditLink, "hash">;

/** What is wrong with a chain. */
export interface AuditProblem {
  /**
   * `changed`: what stands there is not what was recorded there (an event that was moved shows as this).
   * `missing`: events before `seq` are gone. `cut`: the chain ends before the known head. `rewritten`: the
   * event at the known head is another one. `pruned`: retention has removed the known head.
   */
  readonly kind: "changed" | "missing" | "cut" | "rewritten" | "pruned";
  /** The event that shows it. */
  readonly seq: number;
}

/** Result of {@linkcode verifyAuditChain}. */
export interface AuditVerdict {
  /** Null when the chain is sound. */
  readonly problem: AuditProblem | null;
  /** The last sound event; to be kept elsewhere, as the known head of a later check. */
  readonly head: AuditHead;
  /** How many events were found sound. */
  readonly checked: number;
}

/**
 * The exact text whose UTF-8 bytes are hashed: the JSON array `[previous, seq, dfid, event, timestamp, step_id,
 * state, details_json]` as `JSON.stringify` writes it.
 */
export function canonicalText(previousHash: string, content: AuditContent): string {
  const { seq, dfid, event, timestamp, step_id, state, details_json } = content;
  return JSON.stringify([previousHash, seq, dfid, event, timestamp, step_id, state, details_json]);
}

/**
 * The hash of an event that follows `previousHash`, 64 lower-case hex digits (SHA-256).
 *
 * @example
 * ```ts
 * import { auditHash, GENESIS_HASH } from "./audit_chain.ts";
 * import { assertNotEquals } from "@std/assert";
 * const first = { seq: 1, dfid: "a", event: "x", timestamp: "", step_id: "", state: "", details_json: "{}" };
 * assertNotEquals(auditHash(GENESIS_HASH, first), auditHash(GENESIS_HASH, { ...first, event: "y" }));
 * ```
 */
export function auditHash(previousHash: string, content: AuditContent): string {
  return sha256Hex(canonicalText(previousHash, content));
}

/** Options of {@linkcode verifyAuditChain}. */
export interface VerifyOptions {
  /** A head that an earlier check has printed. With it a cut tail or a rewritten chain is found too. */
  readonly head?: AuditHead;
  /** Events read at once; default 1000. */
  readonly pageSize?: number;
}

/**
 * Checks the chain from the checkpoint to the end. Without an earlier head nobody can tell that the last events
 * were cut off, or that the whole chain was made anew.
 *
 * @example
 * ```ts
 * import { verifyAuditChain } from "./audit_chain.ts";
 * import { memoryStorage } from "./memory_storage.ts";
 * import { assertEquals } from "@std/assert";
 * const { decisionAudit } = memoryStorage();
 * const head = await decisionAudit.record("flow", "STARTED");
 * assertEquals(await verifyAuditChain(decisionAudit), { problem: null, head, checked: 1 });
 * const verdict = await verifyAuditChain(decisionAudit, { head: { seq: 2, hash: head.hash } });
 * assertEquals(verdict.problem, { kind: "cut", seq: 2 });
 * ```
 */
export async function verifyAuditChain(
  storage: Pick<DecisionAuditStorage, "chain" | "checkpoint">,
  options: VerifyOptions = {},
): Promise<AuditVerdict> {
  const { pageSize = 1000 } = options;
  for (;;) {
    const start = await storage.checkpoint();
    const verdict = await verifyFrom(start, storage, pageSize, options.head);
    // Retention may have removed what was being read; the chain then starts later, and is read again.
    const unmoved = verdict.problem === null || (await storage.checkpoint()).seq === start.seq;
    if (unmoved) return verdict;
  }
}

async function verifyFrom(
  start: AuditHead,
  storage: Pick<DecisionAuditStorage, "chain">,
  pageSize: number,
  known: AuditHead | undefined,
): Promise<AuditVerdict> {
  let last = start;
  const verdict = (kind?: AuditProblem["kind"], seq = last.seq): AuditVerdict => ({
    problem: kind === undefined ? null : { kind, seq },
    head: last,
    checked: last.seq - start.seq,
  });
  const differs = (head: AuditHead) => head.seq === known?.seq && head.hash !== known.hash;
  if (known !== undefined && known.seq < start.seq) return verdict("pruned", known.seq);
  if (differs(start)) return verdict("rewritten");
  for (;;) {
    const links = await storage.chain({ after: last.seq, limit: pageSize });
    for (const link of links) {
      const kind = linkProblem(last, link) ?? (differs(link) ? "rewritten" : undefined);
      if (kind !== undefined) return verdict(kind, link.seq);
      last = { seq: link.seq, hash: link.hash };
    }
    if (links.length < pageSize) break;
  }
  return known !== undefined && last.seq < known.seq ? verdict("cut", known.seq) : verdict();
}

/** What is wrong with an event that should follow `last`. */
function linkProblem(last: AuditHead, link: AuditLink): AuditProblem["kind"] | undefined {
  if (link.seq > last.seq + 1) return "missing";
  return auditHash(last.hash, link) === link.hash ? undefined : "changed";
}
