/**
 * `carrel task rename`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { renameTask } from "../engine/rename_task.ts";
import { findTaskAgain } from "../engine/find_task_again.ts";
import { addressOf, viewTask, wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Gives a task another name. */
export default mutation({
  summary: "Give a task another name; its id stays",
  examples: [{ line: 'carrel task rename demo/q7 "Login page"', note: "the name becomes login-page" }],
  positionals: [{
    name: "words",
    placeholder: "PROJECT/TASK NAME",
    summary: "the task (PROJECT/TASK or PROJECT TASK), then its new name",
    arity: "words",
  }],
  async run(app, { args, options }) {
    const name = args.words.at(-1);
    const address = args.words.slice(0, -1);
    if (name === undefined || address.length === 0) {
      throw new AppError("usage", "a new name is needed", { hint: "carrel task rename PROJECT/TASK NAME" });
    }
    const carrel = await app.carrel();
    const ref = await findTaskAgain(carrel, address, options);
    const op = await renameTask(carrel, ref, name, options);
    const data = await op.answer(async () => ({ task: await viewTask(carrel, ref) }));
    return { data, addresses: [addressOf(ref)] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ changed, task }) =>
        `${task.project_id}/${task.task_id} is ${changed ? "now" : "already"} named ${task.name}`,
    ),
});
