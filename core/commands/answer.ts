/**
 * Answers that many commands share.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Outcome } from "../cli/define_command.ts";
import { observeTask } from "../engine/observe_tasks.ts";
import { AppError, isAppError } from "../error.ts";
import {
  type DoneAnswer,
  type DryRunAnswer,
  isDryRun,
  type MutationAnswer,
  Operation,
  type PlanStep,
} from "../engine/operation.ts";
import { findTask, type TaskRef } from "../query/find_task.ts";
import { type TaskView, toTaskView } from "../query/task_meta.ts";
import type { App } from "./app.ts";

/** The address of a task for `--quiet` and for people. */
export function addressOf({ project, id }: TaskRef): string {
  return `${project}/${id}`;
}

/** A task as a command shows it; an end that is seen for the first time is recorded on the way. */
export async function viewTask(carrel: Carrel, ref: TaskRef): Promise<TaskView> {
  return toTaskView((await observeTask(carrel, ref)).meta);
}

/** Words for a mutation: the plan of a dry run, or what `done` says. */
export function wordMutation<Fields>(
  answer: MutationAnswer<Fields>,
  done: (answer: DoneAnswer<Fields>) => string,
): string {
  return isDryRun(answer) ? wordPlan(answer.plan) : done(answer);
}

function wordPlan(plan: readonly PlanStep[]): string {
  if (plan.length === 0) return "nothing to do";
  return plan.map(({ action, target }) => `would ${action}: ${target}`).join("\n");
}

/** An error as it stands in an item of a JSON answer. */
export interface ItemError {
  readonly code: string;
  readonly exit: number;
  readonly message: string;
  readonly hint: string | null;
}

/** One of several targets that was done. */
export type DoneItem<Fields> = DoneAnswer<Fields> & { readonly project_id: string; readonly task_id: string };

/** One of several targets that failed. */
export interface FailedItem {
  readonly target: string;
  readonly error: ItemError;
}

/** The answer of a verb that was given several targets. */
export type SeveralAnswer<Fields> = DoneAnswer<
  { readonly items: readonly (DoneItem<Fields> | FailedItem)[] }
>;

/** The answer of a verb that takes one target or several. */
export type TargetsAnswer<Fields> = MutationAnswer<Fields> | SeveralAnswer<Fields>;

/** What a verb does with one task. */
export type OnTask<Fields> = (carrel: Carrel, ref: TaskRef) => Promise<MutationAnswer<Fields>>;

const STDIN_BYTES_MAX = 1024 * 1024;

/**
 * Runs a verb on the tasks that `words` name: `PROJECT/TASK`, the two words, several in slash form,
 * or `-` for addresses on stdin. One target is answered as itself; several as items, and when some
 * fail the others are done all the same (exit 11).
 */
export async function onTargets<Fields>(
  app: App,
  words: readonly string[],
  verb: OnTask<Fields>,
): Promise<Outcome<TargetsAnswer<Fields>>> {
  const carrel = await app.carrel();
  const targets = await readTargets(app, words);
  const [only] = targets;
  if (targets.length === 1 && only !== undefined && !words.includes("-")) {
    const ref = await findTask(carrel, only);
    return { data: await verb(carrel, ref), addresses: [addressOf(ref)] };
  }
  return await onSeveral(carrel, targets, verb);
}

async function readTargets(app: App, words: readonly string[]): Promise<(readonly string[])[]> {
  const inSlashForm = words.every((word) => word === "-" || word.includes("/"));
  if (!inSlashForm) return [words];
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
  return targets;
}

async function onSeveral<Fields>(
  carrel: Carrel,
  targets: readonly (readonly string[])[],
  verb: OnTask<Fields>,
): Promise<Outcome<DryRunAnswer | SeveralAnswer<Fields>>> {
  const items: (DoneItem<Fields> | FailedItem)[] = [];
  const failures: FailedItem[] = [];
  const addresses: string[] = [];
  const plan: PlanStep[] = [];
  let dryRun = false;
  let changed = false;
  for (const target of targets) {
    try {
      const ref = await findTask(carrel, target);
      const answer = await verb(carrel, ref);
      changed ||= answer.changed;
      addresses.push(addressOf(ref));
      if (isDryRun(answer)) {
        dryRun = true;
        plan.push(...answer.plan);
      } else items.push({ ...answer, project_id: ref.project, task_id: ref.id });
    } catch (error) {
      if (!isAppError(error)) throw error;
      const { code, exit, message, hint } = error;
      const failure = { target: target.join("/"), error: { code, exit, message, hint } };
      failures.push(failure);
      items.push(failure);
    }
  }
  const data = dryRun
    ? { dry_run: true as const, changed, plan }
    : { op: new Operation(carrel).id, changed, items };
  return { data, addresses, ...partial(failures, targets.length) };
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

function isFailed<Fields>(item: DoneItem<Fields> | FailedItem): item is FailedItem {
  return "error" in item;
}
