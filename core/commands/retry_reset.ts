/**
 * `carrel retry reset`
 *
 * @module
 */
import { findTaskAgain } from "../engine/find_task_again.ts";
import { resetRetries } from "../engine/reset_retries.ts";
import { addressOf, wordMutation } from "./answer.ts";
import { taskArguments } from "./arguments.ts";
import { mutation } from "./mutation.ts";

/** Forgets how often a task failed to start. */
export default mutation({
  summary: "Forget how often a task has failed to start",
  examples: [{ line: "carrel retry reset demo/q7", note: "it may be tried again from the first time on" }],
  positionals: [taskArguments],
  async run(app, { args, options }) {
    const carrel = await app.carrel();
    const ref = await findTaskAgain(carrel, args.task, options);
    const { op, count } = await resetRetries(carrel, ref, options);
    const data = await op.answer(() => ({ project_id: ref.project, task_id: ref.id, forgotten: count }));
    return { data, addresses: [addressOf(ref)] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ project_id, task_id, forgotten }) =>
        forgotten === 0
          ? `${project_id}/${task_id} has no failed starts`
          : `forgot ${forgotten} failed start${forgotten === 1 ? "" : "s"} of ${project_id}/${task_id}`,
    ),
});
