/**
 * Operations that had to be carried out although the state store could not record them: a file of lines, which
 * the next healthy operation brings into the store.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import { formatTimestamp } from "../meta/time.ts";
import { type JsonObject, objectOf, OPERATION_EVENTS } from "../query/operations.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { withReserve } from "./reserve.ts";

/** How an operation went that the store has not seen. */
export interface JournalEntry {
  readonly op: string;
  /** What it was begun with: verb, project, task, args, who. */
  readonly begun: JsonObject;
  /** `changed` and `result`, or `error`. */
  readonly ended: JsonObject;
}

/** Adds an entry; when even that is impossible the person is told, for nobody else will be. */
export async function writeJournal(carrel: Carrel, entry: JournalEntry): Promise<void> {
  const { host, paths, notify } = carrel;
  const line = JSON.stringify({ at: formatTimestamp(host.clock.nowMicros()), ...entry });
  try {
    await withReserve(carrel, () => host.files.ensureDir(paths.coreDir, { mode: 0o700 }));
    await using _lock = await host.files.lock(paths.journalLock, { timeoutMs: carrel.lockTimeoutMs });
    await withReserve(carrel, () => host.files.append(paths.journal, `${line}\n`, { mode: 0o600 }));
  } catch (error) {
    if (!isAppError(error)) throw error;
    notify({ kind: "warning", text: `operation ${entry.op} is recorded nowhere: ${error.message}` });
  }
}

/** Brings the journal into the store, if there is one; each entry once, whoever dies on the way. */
export async function importJournal(carrel: Carrel, state: StorageBundle): Promise<void> {
  const { files } = carrel.host;
  const { journal, journalLock } = carrel.paths;
  if (await files.info(journal) === null) return;
  await using _lock = await files.lock(journalLock, { timeoutMs: carrel.lockTimeoutMs });
  const text = await ifPresent(files.readText(journal));
  if (text === null) return;
  for (const line of text.split("\n")) {
    const entry = parseEntry(line);
    if (entry !== null) await importEntry(state, entry);
  }
  await files.removeFile(journal);
}

/** Null for a line that was not written to its end. */
function parseEntry(line: string): JournalEntry & { readonly at: JsonValue } | null {
  try {
    const { at = null, op, begun, ended } = objectOf(JSON.parse(line));
    return typeof op === "string" ? { at, op, begun: objectOf(begun), ended: objectOf(ended) } : null;
  } catch {
    return null;
  }
}

async function importEntry(
  { lifecycle }: StorageBundle,
  { at, op, begun, ended }: JournalEntry & { readonly at: JsonValue },
): Promise<void> {
  const to = "error" in ended ? "ABORTED" : "CLOSED";
  const event = (name: string, state: string, details: JsonObject) => ({
    audit: {
      dfid: op,
      event: name,
      state,
      stepId: String(begun["verb"] ?? ""),
      details: { ...details, journaled: at },
    },
  });
  // An operation that the store had seen begin goes on from where it was.
  await lifecycle.transitionIf(op, null, "CREATED", {
    along: event(OPERATION_EVENTS.begun, "CREATED", begun),
  });
  await lifecycle.transitionIf(op, "CREATED", "ACTIVE");
  const { project = null, task = null } = begun;
  const along = { ...event(OPERATION_EVENTS.ended, to, { project, task, ...ended }), clean: op };
  await lifecycle.transitionIf(op, "ACTIVE", to, { along });
}

/** How an operation ended, for the journal. */
export function endedWith(error: Pick<AppError, "code" | "exit" | "message">): JsonObject {
  const { code, exit, message } = error;
  return { error: { code, exit, message } };
}
