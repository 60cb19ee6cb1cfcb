/**
 * `carrel saga list`
 *
 * @module
 */
import { formatTable } from "../cli/table.ts";
import { judgeUnfinished } from "../query/judge_unfinished.ts";
import { command } from "./app.ts";
import { wordPlace, wordTime } from "./operation_words.ts";

/** Lists what has not ended. */
export default command({
  summary: "List operations that have not ended, and whether their process lives",
  description:
    "An operation whose process is gone was interrupted. The next change of its task settles it: it is finished, undone, or abandoned with what it has done. `carrel saga compensate` does that now, `carrel doctor --fix` for all.",
  examples: [{ line: "carrel saga list", note: "at which step each is, since when" }],
  async run(app) {
    const carrel = await app.carrel();
    const state = await carrel.existingState();
    const left = state === null ? [] : await judgeUnfinished(carrel.host, state);
    const data = left.map(({ op, verb, project, task, step, since, attempts, last_outcome, verdict }) => ({
      op,
      verb,
      project_id: project,
      task_id: task,
      step,
      since,
      process: verdict,
      attempts,
      last_outcome,
    }));
    return { data, addresses: data.map(({ op }) => op) };
  },
  text: (operations, look) =>
    operations.length === 0 ? "nothing is under way or was interrupted" : formatTable(
      [
        { header: "OPERATION", shrinks: true },
        { header: "VERB" },
        { header: "WHERE" },
        { header: "STEP", shrinks: true },
        { header: "SINCE" },
        { header: "PROCESS" },
        { header: "TRIES", align: "right" },
        { header: "LAST TRY", shrinks: true },
      ],
      operations.map((operation) => [
        operation.op,
        operation.verb,
        wordPlace(operation),
        operation.step ?? "",
        wordTime(operation.since),
        operation.process === "gone" ? look.style.red("gone") : operation.process,
        String(operation.attempts),
        operation.last_outcome ?? "",
      ]),
      look,
    ),
});
