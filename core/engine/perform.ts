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
import type { StorageBundle } from "../state/storage_bundle.ts";
import { deriveOperationId } from "./derive_operation_id.ts";
import { type MutationOptions, Operation, withoutResult } from "./operation.ts";
import { OperationLog } from "./operation_log.ts";
import { whoAmI } from "./who.ts";

/** What is to be done, for the record. */
export interface Deed {
  /** The command, such as `task run`. */
  readonly verb: string;
  readonly project: ProjectId | null;
  readonly task: TaskId | null;
  /** Arguments without secrets. */
  readonly args?: JsonObject;
}

/** What an operation gave. */
export type Performed<Result> = Result & { readonly op: Operation };

/**
 * Performs a deed. Its beginning, each intent and its end are recorded in the state store; what cannot be
 * recorded is not done. One that fails is recorded as aborted; one whose process dies stays unfinished until
 * the next change of its task, or `doctor`, settles it.
 *
 * A dry run records nothing. With `options.op` an operation that was carried out before is not done again:
 * the answer is its recorded result. `Result` must be what JSON can say.
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
  const state = await carrel.state();
  const earlier = await findEarlier(carrel, state, options.op);
  if (earlier.isDone) return await earlierResult<Result>(state, earlier.id);
  const { id, log } = await begin(carrel, state, deed, options, earlier.id);
  const op = new Operation({ id, log });
  let result: Result;
  try {
    result = await body(op);
  } catch (error) {
    if (isAppError(error)) await abort(log, error.addDetails({ op: op.id }));
    throw error;
  }
  await close(carrel, log, op, result);
  return { ...result, op };
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

/** The operation that is wanted, if it is done; else the id to work under, null for any new one. */
async function findEarlier(
  carrel: Carrel,
  state: StorageBundle,
  wanted: string | undefined,
): Promise<
  { readonly isDone: true; readonly id: string } | { readonly isDone: false; readonly id: string | null }
> {
  if (wanted === undefined) return { isDone: false, id: null };
  for (let attempt = 0;;) {
    const id = attempt === 0 ? wanted : deriveOperationId(wanted, `attempt ${attempt}`);
    const status = await state.lifecycle.getStatus(id);
    if (status === null) return { isDone: false, id };
    if (status === "CLOSED") return { isDone: true, id };
    if (status === "ABORTED") {
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

/** The failure itself is what the caller must hear of; what cannot be recorded is settled later. */
async function abort(log: OperationLog, error: AppError): Promise<void> {
  try {
    await log.abort(error);
  } catch (failure) {
    if (!isAppError(failure)) throw failure;
  }
}

/** It is done: that its end could not be recorded is no failure of it, and is settled later. */
async function close(carrel: Carrel, log: OperationLog, op: Operation, result: object): Promise<void> {
  try {
    await log.close(op.changed, JSON.parse(JSON.stringify(result)));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const text = `operation ${op.id} is done, but its end could not be recorded: ${error.message}`;
    carrel.notify({ kind: "warning", text });
  }
}
