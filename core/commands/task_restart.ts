/**
 * `carrel task restart`
 *
 * @module
 */
import { restartTask } from "../engine/start_task.ts";
import { viewTask } from "./answer.ts";
import { command } from "./app.ts";
import { tasksArguments } from "./arguments.ts";
import { onTargets, wordTargets } from "./on_targets.ts";

/** Stops and starts tasks. */
export default command({
  summary: "Stop tasks if they run, then start them",
  examples: [
    { line: "carrel task restart demo/q7", note: "the same container runs again" },
    { line: "carrel task restart --recreate demo/q7", note: "a new container, after a change of settings" },
  ],
  positionals: [tasksArguments],
  flags: {
    recreate: {
      kind: "boolean",
      summary: "make a new container from the recorded image and command and the present settings",
    },
  },
  mutates: true,
  run: (app, { args, flags, dryRun }) =>
    onTargets(app, args.tasks, {
      dryRun,
      onTask: async (carrel, ref) => {
        const op = await restartTask(carrel, ref, { recreate: flags.recreate }, { dryRun });
        return await op.answer(async () => ({ task: await viewTask(carrel, ref) }));
      },
    }),
  text: (data) =>
    wordTargets(data, ({ task }) => `restarted ${task.project_id}/${task.task_id} (${task.name})`),
});
