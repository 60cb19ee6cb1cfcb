/**
 * Extra mounts of a task: `HOST:CONTAINER[:ro|rw]`.
 *
 * @module
 */
import { isAbsolute, normalize } from "@std/path";
import { AppError } from "../error.ts";

/** A host path that a task sees. */
export interface ConfiguredMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Places in the container that carrel mounts itself, and how far each is out of reach for others. */
const OWN_TARGETS: ReadonlyMap<string, "itself" | "and below"> = new Map([
  // A mount below the workspace is useful: a cache for node_modules, say.
  ["/workspace", "itself"],
  // Prompt, init script, exit and escalation files: the protocol between carrel and the task.
  ["/home/dev/.terok", "and below"],
  ["/upstream", "and below"],
]);

/**
 * Reads one mount. Both paths are absolute; the target is none of carrel's own. Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { parseMount } from "./parse_mount.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseMount("/srv/data:/data:ro"), { source: "/srv/data", target: "/data", readOnly: true });
 * ```
 */
export function parseMount(text: string): ConfiguredMount {
  const [source = "", target = "", access = "rw", ...rest] = text.split(":");
  if (rest.length > 0 || target === "" || !["ro", "rw"].includes(access)) {
    throw new AppError("invalid_value", `${JSON.stringify(text)} is not a mount`, {
      hint: "write HOST:CONTAINER or HOST:CONTAINER:ro, e.g. /srv/data:/data:ro",
    });
  }
  return {
    source: parseAbsolutePath(source),
    target: checkMountTarget(parseAbsolutePath(target)),
    readOnly: access === "ro",
  };
}

/**
 * Returns the normalised target of a mount, or throws `invalid_value` when mounting there would hide
 * something that carrel mounts itself.
 */
export function checkMountTarget(target: string): string {
  const path = withoutSlash(normalize(target));
  if (path === "/") throw new AppError("invalid_value", "nothing can be mounted over /");
  for (const [own, reach] of OWN_TARGETS) {
    if (path === own || (reach === "and below" && path.startsWith(`${own}/`))) {
      throw new AppError("invalid_value", `${path} cannot be mounted over, it is carrel's own`, {
        hint: "choose another path in the container",
      });
    }
  }
  return path;
}

/**
 * Reads an absolute path and normalises it. Throws `invalid_value`; `~` is refused by name, because
 * it would mean another directory to every user that reads the file.
 */
export function parseAbsolutePath(text: string): string {
  if (isAbsolute(text)) return withoutSlash(normalize(text));
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not an absolute path`, {
    hint: text.startsWith("~") ? "~ is not expanded here; write the whole path" : "write the whole path",
  });
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
