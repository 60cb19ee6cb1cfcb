/**
 * Commands that only read say what was interrupted, and leave it as it is.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import { type JudgedOperation, judgeMarked } from "../query/judge_unfinished.ts";
import { nameOperation } from "../query/name_operation.ts";

/**
 * Names the operations of dead processes in notices: of one task, of a project, or all. A state store that cannot
 * be read is a warning: whoever only looks at tasks needs none.
 */
export async function nameInterrupted(
  carrel: Carrel,
  { project = null, task = null }: { readonly project?: ProjectId | null; readonly task?: TaskId | null } =
    {},
): Promise<void> {
  try {
    const state = await carrel.existingState();
    if (state === null) return;
    for (const operation of await judgeMarked(carrel.host, state)) {
      const isMeant = (project === null || operation.project === project) &&
        (task === null || operation.task === task);
      if (isMeant && operation.verdict === "gone") carrel.notify({ kind: "notice", text: word(operation) });
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
    const text = `it is not known whether anything was interrupted: ${error.message}`;
    carrel.notify({ kind: "warning", text });
  }
}

function word(operation: JudgedOperation): string {
  const next = operation.task === null
    ? "`carrel doctor --fix` settles it"
    : "the next change of the task settles it, or `carrel doctor --fix`";
  return `${nameOperation(operation)} was interrupted; ${next}`;
}
