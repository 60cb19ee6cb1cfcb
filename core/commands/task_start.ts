/**
 * `carrel task start`
 *
 * @module
 */
import { startTask } from "../engine/start_task.ts";
import { viewTask } from "./answer.ts";
import { command } from "./app.ts";
import { tasksArguments } from "./arguments.ts";
import { onTargets, wordTargets } from "./on_targets.ts";

/** Starts tasks again. */
export default command({
  summary: "Start tasks that are not running",
  description:
    "The container that is there runs again. If it is gone, one like it is made from the recorded image and command; the workspace is kept either way.",
  examples: [{ line: "carrel task start demo/q7", note: "runs its command again" }],
  positionals: [tasksArguments],
  mutates: true,
  run: (app, { args, dryRun }) =>
    onTargets(app, args.tasks, {
      dryRun,
      onTask: async (carrel, ref) => {
        const op = await startTask(carrel, ref, { dryRun });
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
