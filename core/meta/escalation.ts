/**
 * How an agent asks a person, and is answered: `agent-config/escalation.yml` and `decision.yml`.
 *
 * The question lies where the task can write anything: what is malformed is named, and asks nothing.
 *
 * @module
 */
import { encodeDocument } from "../yaml/scalar.ts";
import { asYamlMap, type YamlMap, type YamlValue } from "../yaml/yaml_value.ts";
import { parseUntrustedYaml } from "./untrusted_yaml.ts";

/** The agent's question, in its agent-config directory. */
export const ESCALATION_FILE = "escalation.yml";

/** The answer, beside it. */
export const DECISION_FILE = "decision.yml";

/** What an agent asks. */
export interface Escalation {
  /** Why a person is needed; not blank. */
  readonly reason: string;
  /** What led to it. */
  readonly context: YamlMap;
  /** What the agent would do. */
  readonly proposal: YamlMap;
  /** How much hangs on it; may be empty. */
  readonly impact: string;
  /** Proves whose question it is. */
  readonly token: string | null;
}

/** A question, or why the file is none. */
export type ParsedEscalation =
  | { readonly ok: true; readonly escalation: Escalation }
  | { readonly ok: false; readonly problem: string };

/** An answer to a question. */
export interface Decision {
  /** `OVERRIDE`, `MODIFY` or `ABORT`. */
  readonly decision: string;
  /** SHA-256 of the question's file, in hex. */
  readonly request: string;
  /** What is to be done instead; null when nothing is said. */
  readonly proposal: YamlMap | null;
  /** Words for the agent. */
  readonly note: string | null;
  /** When. */
  readonly decided_at: string;
}

/**
 * Reads a question: `reason`, which is required, and `context`, `proposal`, `impact`, `token`. Other keys mean
 * nothing. A `context` or `proposal` that is plain text is the map `{text: …}`. Never throws.
 *
 * @example
 * ```ts
 * import { parseEscalation } from "./escalation.ts";
 * import { assert, assertEquals } from "@std/assert";
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const parsed = await parseEscalation(bytes("reason: drop the table?\nproposal: {table: users}\n"));
 * assert(parsed.ok);
 * assertEquals(parsed.escalation.proposal, { table: "users" });
 * assertEquals(await parseEscalation(bytes("impact: high\n")), { ok: false, problem: "it gives no reason" });
 * ```
 */
export async function parseEscalation(bytes: Uint8Array): Promise<ParsedEscalation> {
  const text = decode(bytes);
  if (text === null) return refused("it is not UTF-8 text");
  const parsed = await parseUntrustedYaml(text);
  if (!parsed.ok) {
    return refused(parsed.line === null ? parsed.problem : `line ${parsed.line}: ${parsed.problem}`);
  }
  const map = asYamlMap(parsed.value);
  if (map === null) return refused("it is not a map of plain values");
  const { reason, context = null, proposal = null, impact = null, token = null } = map;
  if (typeof reason !== "string" || reason.trim() === "") return refused("it gives no reason");
  const [contextMap, proposalMap] = [mapOrText(context), mapOrText(proposal)];
  if (contextMap === null) return refused("its context is neither a map nor text");
  if (proposalMap === null) return refused("its proposal is neither a map nor text");
  if (impact !== null && typeof impact !== "string") return refused("its impact is not text");
  if (token !== null && typeof token !== "string") return refused("its token is not text");
  const escalation = { reason, context: contextMap, proposal: proposalMap, impact: impact ?? "", token };
  return { ok: true, escalation };
}

/**
 * Writes an answer.
 *
 * @example
 * ```ts
 * import { encodeDecision } from "./escalation.ts";
 * import { assertEquals } from "@std/assert";
 * const decided_at = "2026-01-01T00:00:00.000000Z";
 * assertEquals(
 *   encodeDecision({ decision: "ABORT", request: "ab12", proposal: null, note: "no", decided_at }),
 *   `decision: ABORT\nrequest: ab12\nproposal:\nnote: 'no'\ndecided_at: '${decided_at}'\n`,
 * );
 * ```
 */
export function encodeDecision({ decision, request, proposal, note, decided_at }: Decision): string {
  return encodeDocument({ decision, request, proposal, note, decided_at });
}

/** What is given as a map; plain text becomes one, nothing an empty one. Null for all else. */
function mapOrText(value: YamlValue): YamlMap | null {
  return asYamlMap(typeof value === "string" ? { text: value } : value ?? {});
}

function refused(problem: string): ParsedEscalation {
  return { ok: false, problem };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
