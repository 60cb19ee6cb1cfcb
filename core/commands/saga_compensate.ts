/**
 * `carrel saga compensate`
 *
 * @module
 */
import { compensateOperation } from "../engine/compensate_operation.ts";
import { AppError } from "../error.ts";
import { isProjectId } from "../identity/project_id.ts";
import { isTaskId } from "../identity/task_id.ts";
import { findOperation } from "../query/find_operation.ts";
import { wordMutation } from "./answer.ts";
import { operationArgument } from "./arguments.ts";
import { mutation } from "./mutation.ts";
import { wordPlace } from "./operation_words.ts";

/** Settles an interrupted operation. */
export default mutation({
  summary: "Settle an interrupted operation now: finish it, or undo it",
  description:
    "Refused while its process lives. Where that cannot be told, as of a process on another machine, you say that it is dead.",
  examples: [{ line: "carrel saga compensate 0190a5e4-7d", note: "see carrel saga list" }],
  positionals: [operationArgument],
  async run(app, { args, options }) {
    const carrel = await app.carrel();
    const found = await findOperation(await carrel.existingState(), args.op);
    if (found.kind === "request") throw isRequest(found.op, found.parts.map(({ op }) => op));
    const { op: target, verb, project_id, task_id } = found.operation;
    const project = project_id !== null && isProjectId(project_id) ? project_id : null;
    const task = task_id !== null && isTaskId(task_id) ? task_id : null;
    const { op, settled } = await compensateOperation(carrel, { op: target, project, task }, options);
    const data = await op.answer(() => ({ operation: target, verb, project_id, task_id, settled }));
    return { data, addresses: project_id === null ? [] : [wordPlace({ project_id, task_id })] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ operation, settled }) =>
        settled === null
          ? `operation ${operation} has ended already`
          : `operation ${operation} is ${settled}`,
    ),
});

function isRequest(op: string, parts: readonly string[]): AppError {
  return new AppError("wrong_state", `${op} is a request on several targets, each an operation of its own`, {
    hint: `settle its parts: ${parts.join(", ")}`,
    details: { parts },
  });
}
