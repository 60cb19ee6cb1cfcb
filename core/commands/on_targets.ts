/**
 * Verbs that take one task or several.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Outcome } from "../cli/define_command.ts";
import {
  type DoneAnswer,
  type DryRunAnswer,
  isDryRun,
  type MutationAnswer,
  type MutationOptions,
  type PlanStep,
} from "../engine/operation.ts";
import { deriveOperationId } from "../engine/derive_operation_id.ts";
import { AppError, isAppError } from "../error.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import { findTaskAgain } from "../engine/find_task_again.ts";
import type { TaskRef } from "../query/find_task.ts";
import { addressOf, wordPlan } from "./answer.ts";
import type { App } from "./app.ts";

/** An error as it stands in an item of a JSON answer. */
export interface ItemError {
  readonly code: string;
  readonly exit: number;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
}

/** One of several targets that was done. */
export type DoneItem<Fields> = DoneAnswer<Fields> & { readonly project_id: string; readonly task_id: string };

/** One of several targets that failed. */
export interface FailedItem {
  readonly target: string;
  readonly error: ItemError;
}

/** One of several targets that is not there, where that is success. */
export type AbsentItem<Fields> = DoneAnswer<Fields> & { readonly target: string };

/** What became of one of several targets. */
export type Item<Fields> = DoneItem<Fields> | AbsentItem<Fields> | FailedItem;

/** The answer of a verb that was given several targets. */
export type SeveralAnswer<Fields> = DoneAnswer<{ readonly items: readonly Item<Fields>[] }>;

/** The answer of a dry run that was given several targets. */
export interface SeveralDryRunAnswer extends DryRunAnswer {
  /** The targets that would fail; absent when there are none. */
  readonly items?: readonly FailedItem[];
}

/** The answer of a verb that takes one target or several. */
export type TargetsAnswer<Fields> = MutationAnswer<Fields> | SeveralDryRunAnswer | SeveralAnswer<Fields>;

/** Targets as they were named, and whether they came as a list: then they are answered as one. */
export interface Targets {
  readonly words: readonly (readonly string[])[];
  readonly isList: boolean;
}

/** What a verb does with its targets. */
export interface TargetsVerb<Fields> {
  /** How its operations are to be done. */
  readonly options: MutationOptions;
  /** Asks whether it may be done at all, given the targets as they were named. Throws when it may not. */
  readonly confirm?: (targets: readonly string[]) => Promise<void>;
  /** What it does with one task. */
  onTask(carrel: Carrel, ref: TaskRef, options: MutationOptions): Promise<MutationAnswer<Fields>>;
  /** What it answers for a task that is not there; absent or null when that is a failure. */
  readonly onAbsent?: ((carrel: Carrel) => Promise<MutationAnswer<Fields>>) | null;
}

const STDIN_BYTES_MAX = 1024 * 1024;

/**
 * The tasks that `words` name: `PROJECT/TASK`, the two words, several in slash form, or `-` for addresses on
 * stdin.
 */
export async function readTargets(app: App, words: readonly string[]): Promise<Targets> {
  const inSlashForm = words.every((word) => word === "-" || word.includes("/"));
  if (!inSlashForm) return { words: [words], isList: false };
  const targets: string[][] = [];
  for (const word of words) {
    if (word !== "-") {
      targets.push([word]);
      continue;
    }
    const text = new TextDecoder().decode(await app.io.readStdin(STDIN_BYTES_MAX));
    for (const line of text.split("\n")) {
      const address = line.trim();
      if (address !== "") targets.push([address]);
    }
  }
  return { words: targets, isList: targets.length !== 1 || words.includes("-") };
}

/**
 * Runs a verb on its targets. One is answered as itself; a list as items, and when some fail the others are
 * done all the same (exit 11). A signal that ends the waiting for one is the end of the list.
 */
export async function onTargets<Fields>(
  app: App,
  { words, isList }: Targets,
  verb: TargetsVerb<Fields>,
): Promise<Outcome<TargetsAnswer<Fields>>> {
  const carrel = await app.carrel();
  await verb.confirm?.(words.map(nameTarget));
  const [only] = words;
  if (isList || only === undefined) return await onSeveral(carrel, words, verb);
  const { ref, answer } = await onTarget(carrel, only, verb, verb.options);
  return { data: answer, addresses: ref === null ? [] : [addressOf(ref)] };
}

async function onTarget<Fields>(
  carrel: Carrel,
  target: readonly string[],
  { onTask, onAbsent = null }: TargetsVerb<Fields>,
  options: MutationOptions,
): Promise<{ readonly ref: TaskRef | null; readonly answer: MutationAnswer<Fields> }> {
  try {
    const ref = await findTaskAgain(carrel, target, options);
    return { ref, answer: await onTask(carrel, ref, options) };
  } catch (error) {
    if (onAbsent === null || !isAppError(error, "task_not_found", "project_not_found")) throw error;
    return { ref: null, answer: await onAbsent(carrel) };
  }
}

function nameTarget(words: readonly string[]): string {
  return words.join("/");
}

async function onSeveral<Fields>(
  carrel: Carrel,
  targets: readonly (readonly string[])[],
  verb: TargetsVerb<Fields>,
): Promise<Outcome<SeveralDryRunAnswer | SeveralAnswer<Fields>>> {
  const items: Item<Fields>[] = [];
  const failures: FailedItem[] = [];
  const addresses: string[] = [];
  const plan: PlanStep[] = [];
  let changed = false;
  let interruption: AppError | null = null;
  const { dryRun = false } = verb.options;
  const op = verb.options.op ?? newUuidV7(carrel.host);
  for (const [index, target] of targets.entries()) {
    // Whoever asks for the whole again asks for the same parts.
    const partId = deriveOperationId(op, `${index} ${nameTarget(target)}`);
    const part = dryRun ? { dryRun } : { parent: op, op: partId };
    try {
      const { ref, answer } = await onTarget(carrel, target, verb, part);
      changed ||= answer.changed;
      if (ref !== null) addresses.push(addressOf(ref));
      if (isDryRun(answer)) plan.push(...answer.plan);
      else if (ref === null) items.push({ ...answer, target: nameTarget(target) });
      else items.push({ ...answer, project_id: ref.project, task_id: ref.id });
    } catch (error) {
      if (!isAppError(error)) throw error;
      const { code, exit, message, hint, retryable } = error;
      const failure = { target: nameTarget(target), error: { code, exit, message, hint, retryable } };
      failures.push(failure);
      items.push(failure);
      if (code !== "interrupted") continue;
      interruption = error;
      break;
    }
  }
  const data = dryRun
    ? { dry_run: true as const, changed, plan, ...(failures.length === 0 ? {} : { items: failures }) }
    : { op, changed, items };
  const failed = interruption === null
    ? partial(failures, targets.length)
    : { error: interruption, exit: interruption.exit };
  return { data, addresses, ...failed };
}

function partial(failures: readonly FailedItem[], total: number): { error?: AppError } {
  const [first] = failures;
  if (first === undefined) return {};
  const all = failures.map(({ target, error }) => `${target}: ${error.message}`);
  return {
    error: new AppError("partial", `${failures.length} of ${total} failed: ${all.join("; ")}`, {
      ...(first.error.hint === null ? {} : { hint: first.error.hint }),
    }),
  };
}

/** Words for a verb that may have been given several targets. */
export function wordTargets<Fields>(
  answer: TargetsAnswer<Fields>,
  done: (answer: DoneAnswer<Fields>) => string,
): string {
  if (isDryRun(answer)) return wordPlan(answer.plan);
  if (!isSeveral(answer)) return done(answer);
  return answer.items.flatMap((item) => isFailed(item) ? [] : [done(item)]).join("\n");
}

function isSeveral<Fields>(
  answer: DoneAnswer<Fields> | SeveralAnswer<Fields>,
): answer is SeveralAnswer<Fields> {
  return "items" in answer;
}

function isFailed<Fields>(item: Item<Fields>): item is FailedItem {
  return "error" in item;
}
