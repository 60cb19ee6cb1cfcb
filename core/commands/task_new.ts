/**
 * `carrel task new`
 *
 * @module
 */
import { createTask } from "../engine/create_task.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { addressOf, viewTask, wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { labelFlag, nameFlag, projectArgument } from "./arguments.ts";
import { parseLabels } from "./labels.ts";

/** Makes a task without starting it. */
export default mutation({
  summary: "Make a task: an id, a workspace, a record",
  description: "The task is not started; `carrel task run PROJECT/TASK` does that.",
  examples: [
    { line: "carrel task new demo", note: "a task with a random name" },
    { line: 'carrel task new demo --name "Fix login"', note: "the name becomes fix-login" },
  ],
  positionals: [projectArgument],
  flags: { name: nameFlag, label: labelFlag },
  async run(app, { args, flags, options }) {
    const labels = parseLabels(flags.label);
    const carrel = await app.carrel();
    const request = { name: flags.name ?? null, labels };
    const { op, ref } = await createTask(carrel, parseProjectId(args.project), request, options);
    const data = await op.answer(async () => ({ task: ref === null ? null : await viewTask(carrel, ref) }));
    return { data, addresses: ref === null ? [] : [addressOf(ref)] };
  },
  text: (data) =>
    wordMutation(data, ({ task }) => `created task ${task?.project_id}/${task?.task_id} (${task?.name})`),
});
