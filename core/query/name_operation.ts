/**
 * An operation in words.
 *
 * @module
 */
import type { OperationFacts } from "./operations.ts";

/**
 * What was asked for, of what, and under which id.
 *
 * @example
 * ```ts
 * import { nameOperation } from "./name_operation.ts";
 * import { parseProjectId } from "../identity/project_id.ts";
 * import { parseTaskId } from "../identity/task_id.ts";
 * import { assertEquals } from "@std/assert";
 * const [project, task] = [parseProjectId("demo"), parseTaskId("q7m2x")];
 * assertEquals(
 *   nameOperation({ op: "0190", verb: "task stop", project, task }),
 *   "task stop of demo/q7m2x (operation 0190)",
 * );
 * assertEquals(
 *   nameOperation({ op: "0190", verb: "doctor", project: null, task: null }),
 *   "doctor (operation 0190)",
 * );
 * ```
 */
export function nameOperation({ op, verb, project, task }: Omit<OperationFacts, "args">): string {
  const target = project === null ? "" : ` of ${project}${task === null ? "" : `/${task}`}`;
  return `${verb}${target} (operation ${op})`;
}
