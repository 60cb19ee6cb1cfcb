/**
 * Which containers a query asks for, for runtimes that answer from records of their own.
 *
 * @module
 */
import type { ContainerStatus, StateQuery } from "../core/port/runtime.ts";

/** The label that names a container's project. */
const PROJECT_LABEL = "carrel.project";

/**
 * True when all conditions of the query hold.
 *
 * @example
 * ```ts
 * import { matchesQuery } from "./matches_query.ts";
 * import { assert } from "@std/assert";
 * const container = { name: "demo-run-q7m2x", labels: { "carrel.project": "demo" } };
 * assert(matchesQuery(container, { project: "demo" }));
 * assert(!matchesQuery(container, { project: "demo", names: ["other"] }));
 * ```
 */
export function matchesQuery(
  container: Pick<ContainerStatus, "name" | "labels">,
  query: StateQuery,
): boolean {
  return (query.names?.includes(container.name) ?? true) &&
    (query.project === undefined || container.labels[PROJECT_LABEL] === query.project);
}
