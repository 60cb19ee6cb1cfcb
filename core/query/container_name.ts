/**
 * Names of containers and the modes a task can run in.
 *
 * @module
 */

/** Modes of a task, in the order in which the reference lists them. */
export const CONTAINER_MODES = ["cli", "web", "run", "toad"] as const;

/** How a task runs: `cli` interactive, `run` unattended, `web` and `toad` with a published port. */
export type TaskMode = typeof CONTAINER_MODES[number];

/** Where the workspace is mounted. */
export const CONTAINER_WORKSPACE = "/workspace";

/** Where the per-task agent-config directory is mounted. */
export const CONTAINER_TEROK_CONFIG = "/home/dev/.terok";

/**
 * The name of a task's container.
 *
 * @example
 * ```ts
 * import { containerName } from "./container_name.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(containerName("orchard", "cli", "q7m2x"), "orchard-cli-q7m2x");
 * ```
 */
export function containerName(project: string, mode: string, id: string): string {
  return `${project}-${mode}-${id}`;
}
