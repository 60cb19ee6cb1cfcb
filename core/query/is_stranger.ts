/**
 * Containers that only look like a task's.
 *
 * @module
 */
import type { TaskRecord } from "../meta/task_record.ts";
import type { ContainerStatus } from "../port/runtime.ts";

/**
 * True for a container with a task's name that is not the task's: whatever carrel makes has labels, and one
 * without is only taken for that of a task which was launched, as the reference launched it. What is known of a
 * damaged one is its name alone, and where it lies: among carrel's own.
 *
 * @example
 * ```ts
 * import { isStranger } from "./is_stranger.ts";
 * import { assertEquals } from "@std/assert";
 * const state = "running";
 * const found = [{ state, labels: {} }, { state, labels: { "carrel.task": "q7m2x" } }, undefined];
 * assertEquals(found.map((each) => isStranger({ mode: null }, each)), [true, false, false]);
 * assertEquals(found.map((each) => isStranger({ mode: "run" }, each)), [false, false, false]);
 * ```
 */
export function isStranger(
  { mode }: Pick<TaskRecord, "mode">,
  container: Pick<ContainerStatus, "labels" | "state"> | undefined,
): boolean {
  if (mode !== null || container === undefined || container.state === "damaged") return false;
  return container.labels["carrel.task"] === undefined;
}
