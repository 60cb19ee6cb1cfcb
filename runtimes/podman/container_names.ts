/**
 * Which containers of an engine are carrel's: by label, and by name for those that have no labels.
 *
 * @module
 */
import type { ContainerStatus, StateQuery } from "../../core/port/runtime.ts";

/** The label that keeps two roots apart. */
export const ROOT_LABEL = "carrel.root";

const PROJECT_LABEL = "carrel.project";
const LABEL_PREFIX = "carrel.";

// The shape of task ids, written for Go's regular expressions and JavaScript's alike.
const TASK_ID = "[ghjkmnpqrstvwxyz][0-9][0-9a-hjkmnp-tv-z]{3}";
const ANY_PROJECT = "[a-z0-9][a-z0-9_-]*";
const REFERENCE_NAME = new RegExp(`^(${ANY_PROJECT})-(?:cli|run|web|toad)-${TASK_ID}$`);

/** Linux refuses a single argument of 128 KiB; a longer filter is left out. */
const FILTER_LENGTH_MAX = 100_000;

/** What a container shows of itself in a list or an event. */
type Named = Pick<ContainerStatus, "name" | "labels">;

/**
 * The value of `--filter name=`, a regular expression that no wanted container fails; null = no filter.
 *
 * @example
 * ```ts
 * import { nameFilter } from "./container_names.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(nameFilter({ names: ["a-run-k3v8h", "b"] }), "^(a-run-k3v8h|b)$");
 * ```
 */
export function nameFilter(query: StateQuery): string | null {
  if (query.names !== undefined) {
    const filter = `^(${query.names.map(escapePattern).join("|")})$`;
    return filter.length > FILTER_LENGTH_MAX ? null : filter;
  }
  const project = query.project === undefined ? ANY_PROJECT : escapePattern(query.project);
  return `^${project}-[a-z]+-${TASK_ID}$`;
}

/**
 * True when the container belongs to this root and all conditions of the query hold. One without any
 * label of carrel's belongs to every root if its name has the reference's shape; its project is read
 * from the name.
 *
 * @example
 * ```ts
 * import { isWanted } from "./container_names.ts";
 * import { assert } from "@std/assert";
 * assert(isWanted({ name: "foo-cli-k3v8h", labels: {} }, { project: "foo" }, "/srv/carrel"));
 * assert(!isWanted({ name: "foo-bar-cli-k3v8h", labels: {} }, { project: "foo" }, "/srv/carrel"));
 * ```
 */
export function isWanted(container: Named, query: StateQuery, root: string): boolean {
  const { name, labels } = container;
  if (query.names !== undefined && !query.names.includes(name)) return false;
  if (isForeign(container, root) && !isAskedOfAnyRoot(container, query)) return false;
  const nameParts = REFERENCE_NAME.exec(name);
  if (labels[ROOT_LABEL] === undefined && nameParts === null) return false;
  return query.project === undefined || (labels[PROJECT_LABEL] ?? nameParts?.[1]) === query.project;
}

/** One whose labels name no root at all is nobody's. */
function isAskedOfAnyRoot({ name, labels }: Named, { anyRoot }: StateQuery): boolean {
  return labels[ROOT_LABEL] !== undefined && anyRoot?.has(name) === true;
}

/** True when the labels say that the container belongs to another root. */
export function isForeign({ labels }: Pick<Named, "labels">, root: string): boolean {
  const owner = labels[ROOT_LABEL];
  if (owner !== undefined) return owner !== root;
  return Object.keys(labels).some((key) => key.startsWith(LABEL_PREFIX));
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
