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
import { StorageError } from "../state/errors.ts";
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

/** An entry and when it was written. */
type DatedEntry = JournalEntry & { readonly at: JsonValue };

/** Adds an entry; when even that is impossible the person is told, for nobody else will be. */
export async function writeJournal(carrel: Carrel, entry: JournalEntry): Promise<void> {
  const { host, paths, notify } = carrel;
  const line = JSON.stringify({ at: formatTimestamp(host.clock.nowMicros()), ...entry });
  try {
    await withReserve(carrel, () => host.files.ensureDir(paths.coreDir, { mode: 0o700 }));
    await using _lock = await host.files.lock(paths.journalLock, { timeoutMs: carrel.lockTimeoutMs });
    // On a line of its own even after one that was not written to its end.
    const lines = `\n${line}\n`;
    await withReserve(carrel, () => host.files.append(paths.journal, lines, { mode: 0o600 }));
  } catch (error) {
    if (!isAppError(error)) throw error;
    notify({ kind: "warning", text: `operation ${entry.op} is recorded nowhere: ${error.message}` });
  }
}

/**
 * Brings the journal into the store, if there is one; each entry once, whoever dies on the way. One with lines
 * that say nothing is set aside afterwards; one that cannot be read stays. Of both the person is told, and
 * neither keeps anything from being done. Throws when the store cannot be used.
 */
export async function importJournal(carrel: Carrel, state: StorageBundle): Promise<void> {
  try {
    if (await carrel.host.files.info(carrel.paths.journal) !== null) await importLines(carrel, state);
  } catch (error) {
    if (!isAppError(error) || error instanceof StorageError) throw error;
    carrel.notify({
      kind: "warning",
      text: `what the journal records is not in the store: ${error.message}`,
    });
  }
}

async function importLines(
  { host, paths, notify, lockTimeoutMs }: Carrel,
  state: StorageBundle,
): Promise<void> {
  const { files, clock } = host;
  const { journal, journalLock } = paths;
  await using _lock = await files.lock(journalLock, { timeoutMs: lockTimeoutMs });
  const text = await ifPresent(files.readText(journal));
  if (text === null) return;
  let damaged = 0;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const entry = parseEntry(line);
    if (entry === null || !await tryToImport(state, entry)) damaged++;
  }
  if (damaged === 0) return void await files.removeFile(journal);
  // As a whole: a name takes no space on a disk that may be full.
  const aside = `${journal}.damaged-${clock.nowMicros()}`;
  await files.rename(journal, aside);
  const lines = damaged === 1 ? "a line" : `${damaged} lines`;
  notify({ kind: "warning", text: `${lines} of the journal could not be read; it is kept as ${aside}` });
}

/** Null for a line that is damaged, such as one that was not written to its end. */
function parseEntry(line: string): DatedEntry | null {
  try {
    const { at = null, op, begun, ended } = objectOf(JSON.parse(line));
    return typeof op === "string" && op !== ""
      ? { at, op, begun: objectOf(begun), ended: objectOf(ended) }
      : null;
  } catch {
    return null;
  }
}

/** False for an entry that says what cannot be true of an operation, and so is damaged too. */
async function tryToImport(state: StorageBundle, entry: DatedEntry): Promise<boolean> {
  try {
    await importEntry(state, entry);
    return true;
  } catch (error) {
    if (!isAppError(error, "invalid_value")) throw error;
    return false;
  }
}

async function importEntry(
  { lifecycle }: StorageBundle,
  { at, op, begun, ended }: DatedEntry,
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
