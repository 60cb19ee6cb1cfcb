/**
 * `carrel task restart`
 *
 * @module
 */
import { restartTask } from "../engine/start_task.ts";
import { viewTask } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { tasksArguments, waitFlags, waitOptions } from "./arguments.ts";
import { onTargets, readTargets, wordTargets } from "./on_targets.ts";

/** Stops and starts tasks. */
export default mutation({
  summary: "Stop tasks if they run, then start them",
  examples: [
    { line: "carrel task restart demo/q7", note: "the same container runs again" },
    { line: "carrel task restart --recreate demo/q7", note: "a new container, after a change of settings" },
  ],
  positionals: [tasksArguments],
  flags: {
    ...waitFlags,
    recreate: {
      kind: "boolean",
      summary: "make a new container from the recorded image and command and the present settings",
    },
  },
  given: (app, { args }) => readTargets(app, args.tasks),
  run: (app, { flags, given, options }) =>
    onTargets(app, given, {
      options,
      onTask: async (carrel, ref, options) => {
        const op = await restartTask(
          carrel,
          ref,
          { recreate: flags.recreate, ...waitOptions(app.terminal, flags) },
          options,
        );
        return await op.answer(async () => ({ task: await viewTask(carrel, ref) }));
      },
    }),
  text: (data) =>
    wordTargets(data, ({ task }) => `restarted ${task.project_id}/${task.task_id} (${task.name})`),
});
