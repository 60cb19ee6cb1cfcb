/**
 * `carrel retry show`
 *
 * @module
 */
import { findTask } from "../query/find_task.ts";
import { IntentRetryGovernor } from "../state/managers/intent_retry_governor.ts";
import { addressOf } from "./answer.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";

/** Shows how often a task failed to start. */
export default command({
  summary: "Show how often a task has failed to start",
  examples: [{ line: "carrel retry show demo/q7", note: "0 when its last start succeeded" }],
  positionals: [taskArguments],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const ref = await findTask(carrel, args.task);
    const state = await carrel.existingState();
    const count = state === null
      ? 0
      : await new IntentRetryGovernor({ storage: state.intentRetry }).getCount(addressOf(ref));
    return { data: { project_id: ref.project, task_id: ref.id, count }, addresses: [addressOf(ref)] };
  },
  text: ({ count }) => String(count),
});
