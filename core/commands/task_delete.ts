/**
 * `carrel task delete`
 *
 * @module
 */
import { type DeleteResult, deleteTask } from "../engine/delete_task.ts";
import { type MutationAnswer, Operation } from "../engine/operation.ts";
import { AppError } from "../error.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import type { Carrel } from "../carrel.ts";
import type { Outcome } from "../cli/define_command.ts";
import { deletionIsIncomplete } from "./answer.ts";
import type { App } from "./app.ts";
import { tasksArguments } from "./arguments.ts";
import { mutation } from "./mutation.ts";
import { onTargets, readTargets, type TargetsAnswer, wordTargets } from "./on_targets.ts";

interface Deleted {
  /** Null when there was no such task. */
  readonly task_id: string | null;
  readonly archive_id: string | null;
  readonly warnings: readonly string[];
}

/** Deletes tasks into the archive. */
export default mutation({
  summary: "Delete tasks; everything of them moves into the archive",
  description:
    "A running task is stopped first. Workspace, logs and record move into the archive as they are; `carrel archive restore` brings them back. If the archive cannot be made, nothing is removed.",
  examples: [
    { line: "carrel task delete demo/q7", note: "recoverable" },
    { line: "carrel task delete --purge --yes demo/q7", note: "frees the disk at once, for good" },
  ],
  positionals: [tasksArguments],
  flags: {
    purge: { kind: "boolean", summary: "keep nothing" },
    yes: { kind: "boolean", summary: "answer yes to the question that --purge asks" },
    ignoreNotFound: { kind: "boolean", summary: "a task that is not there is success" },
  },
  given: (app, { args }) => readTargets(app, args.tasks),
  async run(app, { flags, given, options }) {
    const { dryRun = false } = options;
    const isAsked = flags.purge && !flags.yes && !dryRun;
    let incomplete = false;
    const outcome = await onTargets<Deleted>(app, given, {
      options,
      ...(isAsked ? { confirm: (targets) => confirmPurge(app, targets) } : {}),
      onTask: async (carrel, ref, options) => {
        const result = await deleteTask(carrel, ref, { purge: flags.purge }, options);
        incomplete ||= result.incomplete;
        for (const warning of result.warnings) app.io.warn(warning);
        return await answerDeleted(result, ref.id);
      },
      onAbsent: flags.ignoreNotFound ? (carrel) => nothingDeleted(carrel, dryRun) : null,
    });
    return withIncomplete(outcome, incomplete);
  },
  text: (data) =>
    wordTargets(
      data,
      ({ task_id, archive_id, changed }) =>
        !changed
          ? "nothing to delete"
          : archive_id === null
          ? `purged task ${task_id}`
          : `deleted task ${task_id}; its archive is ${archive_id} (see carrel archive list)`,
    ),
});

/** More tasks than a person takes in at a glance are counted. */
const NAMED_TASKS_MAX = 5;

async function confirmPurge(app: App, tasks: readonly string[]): Promise<void> {
  if (tasks.length === 0) return;
  const named = tasks.length > NAMED_TASKS_MAX ? `${tasks.length} tasks` : tasks.join(", ");
  if (await app.io.confirm(`Delete ${named} for good, workspace included?`, "--yes")) return;
  throw new AppError("input_required", "not confirmed; nothing was deleted", {
    hint: "answer y, or give --yes; where stdin names the tasks it cannot answer as well",
  });
}

async function answerDeleted(
  { op, archiveId, warnings }: DeleteResult,
  id: string,
): Promise<MutationAnswer<Deleted>> {
  return await op.answer(() => ({ task_id: id, archive_id: archiveId, warnings }));
}

async function nothingDeleted(carrel: Carrel, dryRun: boolean): Promise<MutationAnswer<Deleted>> {
  const op = new Operation({ id: newUuidV7(carrel.host), dryRun });
  return await op.answer(() => ({ task_id: null, archive_id: null, warnings: [] }));
}

function withIncomplete(
  outcome: Outcome<TargetsAnswer<Deleted>>,
  incomplete: boolean,
): Outcome<TargetsAnswer<Deleted>> {
  if (!incomplete || outcome.error !== undefined) return outcome;
  return { ...outcome, error: deletionIsIncomplete() };
}
