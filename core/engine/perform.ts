/**
 * Carries out an operation: recorded from its beginning to its end, and at most once.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import { invariant } from "../invariant.ts";
import { type JsonObject, readResult } from "../query/operations.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { deriveOperationId } from "./derive_operation_id.ts";
import { endedWith, importJournal, writeJournal } from "./journal.ts";
import { type IntentLog, type MutationOptions, Operation, withoutResult } from "./operation.ts";
import { OperationLog } from "./operation_log.ts";
import { hasReserve, keepReserve } from "./reserve.ts";
import { tryTwice } from "./try_twice.ts";
import { whoAmI } from "./who.ts";

/** What is to be done, for the record. */
export interface Deed {
  /** The command, such as `task run`. */
  readonly verb: string;
  readonly project: ProjectId | null;
  readonly task: TaskId | null;
  /** Arguments without secrets. */
  readonly args?: JsonObject;
  /**
   * It must also work when the state store is full, damaged or of a newer carrel: it is then recorded in a
   * journal, which the next healthy operation brings into the store.
   */
  readonly urgent?: boolean;
}

/** What an operation gave. */
export type Performed<Result> = Result & { readonly op: Operation };

/**
 * Performs a deed. Its beginning, each intent and its end are recorded in the state store; what cannot be
 * recorded is not done. One that fails is recorded as aborted; one whose process dies stays unfinished until
 * the next change of its task, or `doctor`, settles it.
 *
 * Locks that `body` gives to `op.hold` are let go of once the end is recorded. A dry run records nothing. With
 * `options.op` an operation that was carried out before is not done again: the answer is its recorded result.
 * `Result` must be what JSON can say.
 *
 * @throws {AppError} what `body` throws; exit 10 when the state store cannot be used
 */
export async function perform<Result extends object>(
  carrel: Carrel,
  deed: Deed,
  options: MutationOptions,
  body: (op: Operation) => Promise<Result>,
): Promise<Performed<Result>> {
  if (options.dryRun === true) {
    const op = new Operation({ id: newUuidV7(carrel.host), dryRun: true });
    return { ...await body(op), op };
  }
  const begun = await beginRecorded(carrel, deed, options);
  if (begun.kind === "done") return await earlierResult<Result>(begun.state, begun.id);
  const { id, log, record, isStateUsed } = begun;
  const op = new Operation({ id, ...(log === null ? {} : { log }) });
  try {
    const result = await carryOut(op, body, async (ending) => {
      await record(ending);
      // Wherever it was recorded: what is urgent may have spent the reserve, and freed room for a new one.
      if (isStateUsed && (deed.urgent === true || !("error" in ending))) await keepReserve(carrel);
    });
    return { ...result, op };
  } finally {
    await op.letGo();
  }
}

/** Runs the body and records how it ended. */
async function carryOut<Result extends object>(
  op: Operation,
  body: (op: Operation) => Promise<Result>,
  record: (ending: Ending) => Promise<void>,
): Promise<Result> {
  let result: Result;
  try {
    result = await body(op);
  } catch (error) {
    if (isAppError(error)) await record({ error: error.addDetails({ op: op.id }) });
    throw error;
  }
  await record({ changed: op.changed, result: JSON.parse(JSON.stringify(result)) });
  return result;
}

/** How an operation went. */
type Ending = { readonly error: AppError } | { readonly changed: boolean; readonly result: JsonValue };

/** An operation that is done already, or one that has begun and will be recorded somewhere. */
type Begun =
  | { readonly kind: "done"; readonly state: StorageBundle; readonly id: string }
  | {
    readonly kind: "begun";
    readonly id: string;
    readonly log: IntentLog | null;
    readonly record: (ending: Ending) => Promise<void>;
    /** Whether something is recorded in the store; of one that cannot be used, whether that is known. */
    readonly isStateUsed: boolean;
  };

/** Begins in the store; what is urgent begins without it when it cannot be used. */
async function beginRecorded(carrel: Carrel, deed: Deed, options: MutationOptions): Promise<Begun> {
  try {
    const state = await carrel.state();
    // First: it may tell of the operation that is asked for again.
    await importJournal(carrel, state);
    const earlier = await findEarlier(carrel, state, options.op);
    if (earlier.isDone) return { kind: "done", state, id: earlier.id };
    const { id, log } = await begin(carrel, state, deed, options, earlier.id);
    const journal = deed.urgent === true ? newJournal(carrel, deed, id) : null;
    const intents = journal === null ? log : newTolerantLog(log);
    const record = (ending: Ending) => recordIn(carrel, log, journal, ending);
    return { kind: "begun", id, log: intents, record, isStateUsed: true };
  } catch (error) {
    if (deed.urgent !== true || !isAppError(error)) throw error;
    const text =
      `${error.message}; this is recorded in ${carrel.paths.journal} until the store can be used again`;
    carrel.notify({ kind: "warning", text });
    const id = options.op ?? newUuidV7(carrel.host);
    // Before the deed, which may spend it.
    const isStateUsed = await hasReserve(carrel);
    return { kind: "begun", id, log: null, record: newJournal(carrel, deed, id), isStateUsed };
  }
}

/** Records an ending in the store; one that fails there for good goes into the journal, or is settled later. */
async function recordIn(
  carrel: Carrel,
  log: OperationLog,
  journal: ((ending: Ending) => Promise<void>) | null,
  ending: Ending,
): Promise<void> {
  const record = () => "error" in ending ? log.abort(ending.error) : log.close(ending.changed, ending.result);
  try {
    await tryTwice(record);
  } catch (failure) {
    if (!isAppError(failure)) throw failure;
    if (journal !== null) return await journal(ending);
    // A failure itself is what the caller must hear of; what is done is done.
    if ("error" in ending) return;
    const text = `the operation is done, but its end could not be recorded: ${failure.message}`;
    carrel.notify({ kind: "warning", text });
  }
}

function newJournal(carrel: Carrel, deed: Deed, op: string): (ending: Ending) => Promise<void> {
  return async (ending) => {
    const { user, host, pid } = await whoAmI(carrel.host);
    const { verb, project, task, args = {} } = deed;
    const begun = { verb, project, task, args, who: { user, host, pid } };
    await writeJournal(carrel, {
      op,
      begun,
      ended: "error" in ending ? endedWith(ending.error) : { ...ending },
    });
  };
}

/** Intents that cannot be recorded do not keep what is urgent from being done. */
function newTolerantLog(log: IntentLog): IntentLog {
  const tolerate = async (record: Promise<void>) => {
    try {
      await record;
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  };
  return {
    intend: (step, facts) => tolerate(log.intend(step, facts)),
    concern: (ref) => tolerate(log.concern(ref)),
    note: (facts) => tolerate(log.note(facts)),
  };
}

/**
 * The result of an operation that was carried out before, settled if its process has died; null for one that is
 * not done. For a caller that cannot find again what the operation was about.
 */
export async function performedBefore<Result extends object>(
  carrel: Carrel,
  { op }: MutationOptions,
): Promise<Performed<Result> | null> {
  if (op === undefined) return null;
  const state = await carrel.state();
  const earlier = await findEarlier(carrel, state, op);
  return earlier.isDone ? await earlierResult<Result>(state, earlier.id) : null;
}

/**
 * The last attempt at an operation, settled if its process has died, that failed; null when there was none, or
 * the operation is done.
 */
export async function failedBefore(carrel: Carrel, { op }: MutationOptions): Promise<string | null> {
  if (op === undefined) return null;
  const earlier = await findEarlier(carrel, await carrel.state(), op);
  return earlier.isDone ? null : earlier.failed;
}

/**
 * The operation that is wanted, if it is done; else the id to work under, null for any new one, and the last
 * attempt that failed.
 */
async function findEarlier(
  carrel: Carrel,
  state: StorageBundle,
  wanted: string | undefined,
): Promise<
  | { readonly isDone: true; readonly id: string }
  | { readonly isDone: false; readonly id: string | null; readonly failed: string | null }
> {
  if (wanted === undefined) return { isDone: false, id: null, failed: null };
  let failed: string | null = null;
  for (let attempt = 0;;) {
    const id = attempt === 0 ? wanted : deriveOperationId(wanted, `attempt ${attempt}`);
    const status = await state.lifecycle.getStatus(id);
    if (status === null) return { isDone: false, id, failed };
    if (status === "CLOSED") return { isDone: true, id };
    if (status === "ABORTED") {
      failed = id;
      attempt++;
      continue;
    }
    // Whoever may ask for this id knows that the one who was at it is dead.
    const { settleById } = await import("./settle_operation.ts");
    await settleById(carrel, id);
  }
}

async function begin(
  carrel: Carrel,
  state: StorageBundle,
  deed: Deed,
  { parent = null }: { readonly parent?: string | null },
  wanted: string | null,
): Promise<{ readonly id: string; readonly log: OperationLog }> {
  const who = await whoAmI(carrel.host);
  for (;;) {
    const id = wanted ?? newUuidV7(carrel.host);
    const log = new OperationLog(state, { args: {}, ...deed, op: id, who, parent });
    // No two operations have one id, however unlikely that they draw the same.
    if (await log.begin()) return { id, log };
    invariant(wanted === null, `operation ${id} is begun by nobody else`);
  }
}

/** Sound because an operation's result was recorded by the very verb that asks for it again. */
async function earlierResult<Result extends object>(
  state: StorageBundle,
  id: string,
): Promise<Performed<Result>> {
  const recorded = await readResult(state, id);
  if (recorded === null) throw withoutResult(id);
  const op = new Operation({ id, earlier: { changed: recorded.changed } });
  return { ...recorded.result as Result, op };
}
