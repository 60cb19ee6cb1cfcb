/**
 * The contracts of the state stores as text, without comments: what `docs/state.md` shows.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

const CONTRACTS = fromFileUrl(new URL("../../core/state/contracts/", import.meta.url));

/** The files of the nine contracts. */
export const CONTRACT_FILES = [
  "agent_registry",
  "context",
  "idempotency",
  "decision_audit",
  "saga",
  "resource_lock",
  "intent_retry",
  "escalation",
  "lifecycle",
] as const;

/** The interface of the store that a file declares, comments left out. */
export function contractSignatures(file: typeof CONTRACT_FILES[number]): string {
  const source = Deno.readTextFileSync(join(CONTRACTS, `${file}.ts`));
  const [declaration = ""] = /^export interface \w+Storage extends Store \{[\s\S]*?^\}/m.exec(source) ?? [];
  return declaration.replace(/^export /, "").replaceAll(/^ *(?:\/\*\*.*\*\/|\/\*\*|\*.*)\n/gm, "");
}
