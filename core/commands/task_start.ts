/**
 * `carrel task start`
 *
 * @module
 */
import { startTask } from "../engine/start_task.ts";
import { viewTask } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { tasksArguments, waitFlags, waitOptions } from "./arguments.ts";
import { onTargets, readTargets, wordTargets } from "./on_targets.ts";

/** Starts tasks again. */
export default mutation({
  summary: "Start tasks that are not running",
  description:
    "The container that is there runs again. If it is gone, one like it is made from the recorded image and command; the workspace is kept either way.",
  examples: [{ line: "carrel task start demo/q7", note: "runs its command again" }],
  positionals: [tasksArguments],
  flags: waitFlags,
  given: (app, { args }) => readTargets(app, args.tasks),
  run: (app, { flags, given, options }) =>
    onTargets(app, given, {
      options,
      onTask: async (carrel, ref, options) => {
        const op = await startTask(carrel, ref, waitOptions(app.terminal, flags), options);
        return await op.answer(async () => ({ task: await viewTask(carrel, ref) }));
      },
    }),
  text: (data) =>
    wordTargets(
      data,
      ({ changed, task }) =>
        `${changed ? "started" : "running already:"} ${task.project_id}/${task.task_id} (${task.name})`,
    ),
});
