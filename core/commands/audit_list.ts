/**
 * `carrel audit list`
 *
 * @module
 */
import {
  type AuditEntry,
  type AuditFilter,
  latestAuditEntries,
  listAuditEntries,
} from "../query/audit_entries.ts";
import { findOperation } from "../query/find_operation.ts";
import { objectOf } from "../query/operations.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { sanitizeLine } from "../text/sanitize_text.ts";
import { command } from "./app.ts";
import { limitFlag } from "./arguments.ts";
import { placeFlags, readPlace } from "./history_place.ts";
import { sinceFlag, stampOf, untilFlag } from "./moment.ts";
import { wordPlace, wordWho } from "./operation_words.ts";

/** Lists events. */
export default command({
  summary: "List what was recorded, in order: each step, of what, by whom",
  description:
    "Each event is a link of a chain of hashes; `carrel audit verify` checks that none was changed, removed or moved.",
  examples: [
    { line: "carrel audit list --task demo/q7 --since 1d", note: "what happened to a task since yesterday" },
    { line: "carrel audit list --event operation.ended --json", note: "how every operation ended" },
  ],
  flags: {
    since: sinceFlag,
    until: untilFlag,
    ...placeFlags,
    op: {
      kind: "value",
      placeholder: "OPERATION",
      summary: "only this operation, by the beginning of its id",
    },
    event: {
      kind: "value",
      placeholder: "WORD",
      summary: "only events of this name, or of this word before the dot",
    },
    limit: limitFlag,
  },
  async run(app, { flags }) {
    const carrel = await app.carrel();
    const state = await carrel.existingState();
    const filter = {
      ...await readPlace(carrel, flags),
      since: stampOf(flags.since, carrel.host.clock),
      until: stampOf(flags.until, carrel.host.clock),
      event: flags.event,
      ops: flags.op === undefined ? undefined : await readOperation(state, flags.op),
    };
    let found = 0;
    await app.io.printList(state === null ? none() : select(state, filter, flags.limit), (entries) => {
      found += entries.length;
      return app.io.quiet ? entries.map(({ seq }) => `${seq}\n`).join("") : wordEntries(entries);
    });
    if (found === 0 && !app.io.json && !app.io.quiet) await app.io.print("no events\n");
    return { data: [], printed: true };
  },
  text: () => "",
});

async function* none(): AsyncGenerator<AuditEntry[]> {}

/** The events of an operation, or of all parts of a request. */
async function readOperation(state: StorageBundle | null, typed: string): Promise<string[]> {
  const found = await findOperation(state, typed);
  return found.kind === "operation" ? [found.operation.op] : found.parts.map(({ op }) => op);
}

async function* select(
  { decisionAudit }: StorageBundle,
  filter: AuditFilter,
  limit: number | undefined,
): AsyncGenerator<AuditEntry[]> {
  if (limit === undefined) yield* listAuditEntries(decisionAudit, filter);
  else yield await latestAuditEntries(decisionAudit, filter, limit);
}

/** One line an event, so that it need not be known what comes. */
function wordEntries(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${wordEntry(entry)}\n`).join("");
}

function wordEntry(entry: AuditEntry): string {
  const { seq, time, event, op } = entry;
  const columns = [String(seq).padStart(6), time, op, event.padEnd(17), wordPlace(entry).padEnd(11)];
  return sanitizeLine([...columns, wordWhat(entry), wordWho(entry.who)].join("  ").trimEnd());
}

function wordWhat({ verb, step, status, details }: AuditEntry): string {
  const { target, error } = objectOf(details);
  const { message } = objectOf(error);
  const what = typeof target === "string"
    ? `${step ?? ""} ${target}`
    : typeof message === "string"
    ? message
    : step;
  return [verb, what ?? (status === "" ? null : status)].filter((part) => part !== null).join(": ");
}
