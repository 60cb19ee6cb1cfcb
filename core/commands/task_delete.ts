/**
 * `carrel task delete`
 *
 * @module
 */
import { type DeleteResult, deleteTask } from "../engine/delete_task.ts";
import type { MutationAnswer } from "../engine/operation.ts";
import { AppError, isAppError } from "../error.ts";
import type { Outcome } from "../cli/define_command.ts";
import { onTargets, type TargetsAnswer, wordTargets } from "./answer.ts";
import { type App, command } from "./app.ts";
import { tasksArguments } from "./arguments.ts";

interface Deleted {
  readonly task_id: string;
  readonly archive_id: string | null;
  readonly warnings: readonly string[];
}

/** Deletes tasks into the archive. */
export default command({
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
  mutates: true,
  async run(app, { args, flags, dryRun }) {
    if (flags.purge && !flags.yes && !dryRun) await confirmPurge(app, args.tasks);
    let containerLeft = false;
    try {
      const outcome = await onTargets<Deleted>(app, args.tasks, async (carrel, ref) => {
        const result = await deleteTask(carrel, ref, { purge: flags.purge }, { dryRun });
        containerLeft ||= result.containerLeft;
        for (const warning of result.warnings) app.io.warn(warning);
        return await answerDeleted(result, ref.id);
      });
      return withContainerLeft(outcome, containerLeft);
    } catch (error) {
      if (!flags.ignoreNotFound || !isAppError(error, "task_not_found", "project_not_found")) throw error;
      return { data: await nothingDeleted(app, dryRun), addresses: [] };
    }
  },
  text: (data) =>
    wordTargets(data, ({ task_id, archive_id, changed }) =>
      !changed ? "nothing to delete" : archive_id === null
        ? `purged task ${task_id}`
        : `deleted task ${task_id}; its archive is ${archive_id} (see carrel archive list)`),
});

async function confirmPurge(app: App, tasks: readonly string[]): Promise<void> {
  if (await app.io.confirm(`Delete ${tasks.join(" ")} for good, workspace included?`, "--yes")) return;
  throw new AppError("input_required", "not confirmed; nothing was deleted");
}

async function answerDeleted(
  { op, archiveId, warnings }: DeleteResult,
  id: string,
): Promise<MutationAnswer<Deleted>> {
  return await op.answer(() => ({ task_id: id, archive_id: archiveId, warnings }));
}

async function nothingDeleted(app: App, dryRun: boolean): Promise<MutationAnswer<Deleted>> {
  const { Operation } = await import("../engine/operation.ts");
  const op = new Operation(app, { dryRun });
  return await op.answer(() => ({ task_id: "", archive_id: null, warnings: [] }));
}

function withContainerLeft(
  outcome: Outcome<TargetsAnswer<Deleted>>,
  containerLeft: boolean,
): Outcome<TargetsAnswer<Deleted>> {
  if (!containerLeft || outcome.error !== undefined) return outcome;
  const error = new AppError("partial", "deleted, but a container could not be removed", {
    hint: "see the warnings; remove the container by hand once the runtime works",
  });
  return { ...outcome, error };
}
