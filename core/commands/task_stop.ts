/**
 * `carrel task stop`
 *
 * @module
 */
import { stopTask } from "../engine/stop_task.ts";
import { viewTask } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { tasksArguments, timeoutFlag } from "./arguments.ts";
import { onTargets, readTargets, wordTargets } from "./on_targets.ts";

/** Ends tasks, with time to finish. */
export default mutation({
  summary: "Stop running tasks",
  description: "A task that is not running is left as it is, and that is success.",
  examples: [
    { line: "carrel task stop demo/q7", note: "asks it to end, kills it after run.shutdown_timeout" },
    { line: "carrel task list -q --status running | carrel task stop -", note: "stops all that run" },
  ],
  positionals: [tasksArguments],
  flags: { timeout: { ...timeoutFlag, summary: "time to finish before it is killed" } },
  given: (app, { args }) => readTargets(app, args.tasks),
  run: (app, { flags, given, options }) =>
    onTargets(app, given, {
      options,
      onTask: async (carrel, ref, options) => {
        const op = await stopTask(carrel, ref, { timeoutS: flags.timeout ?? null }, options);
        return await op.answer(async () => ({ task: await viewTask(carrel, ref) }));
      },
    }),
  text: (data) =>
    wordTargets(
      data,
      ({ changed, task }) =>
        `${changed ? "stopped" : "not running:"} ${task.project_id}/${task.task_id} (${task.name})`,
    ),
});
