/**
 * Project names. The name of a project's directory is its identity.
 *
 * @module
 */
import { AppError } from "../error.ts";

/**
 * Longest name of a new project. A container's host name is `<project>-<mode>-<id>` (at most 11
 * characters more), a label of it holds 63, and the kernel refuses a host name above 64: a longer
 * name would give a project none of whose containers start.
 */
export const NEW_PROJECT_ID_LENGTH_MAX = 63 - "-toad-q7m2x".length;

/** Names are directory names: 255 bytes is what file systems hold. */
const PROJECT_ID = /^[a-z0-9][a-z0-9_-]{0,254}$/;
/** Would read as "no particular project"; a directory of that name is found, but never created. */
const RESERVED = "default";

/** A well-formed project name. */
export type ProjectId = string & { readonly __brand: "ProjectId" };

/**
 * True if `text` can name a project. It need not exist.
 *
 * @example
 * ```ts
 * import { isProjectId } from "./project_id.ts";
 * import { assert } from "@std/assert";
 * assert(isProjectId("web-shop"));
 * assert(!isProjectId("Web Shop"));
 * assert(!isProjectId(".."));
 * ```
 */
export function isProjectId(text: string): text is ProjectId {
  return PROJECT_ID.test(text);
}

/**
 * Reads the name of a project that may exist; throws `invalid_project_name` if it is malformed.
 *
 * @example
 * ```ts
 * import { parseProjectId } from "./project_id.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals<string>(parseProjectId("web-shop"), "web-shop");
 * ```
 */
export function parseProjectId(text: string): ProjectId {
  if (isProjectId(text)) return text;
  throw new AppError("invalid_project_name", `invalid project name ${JSON.stringify(text)}`, {
    hint: "a project name is made of a-z, 0-9, hyphens and underscores, and starts with a letter or digit",
    details: { project_id: text },
  });
}

/**
 * Reads the name of a project to create: well-formed, not the reserved `default`, and at most
 * {@linkcode NEW_PROJECT_ID_LENGTH_MAX} characters. Throws `invalid_project_name`.
 *
 * @example
 * ```ts
 * import { AppError } from "../error.ts";
 * import { parseNewProjectId } from "./project_id.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals<string>(parseNewProjectId("web-shop"), "web-shop");
 * assertThrows(() => parseNewProjectId("default"), AppError, "reserved");
 * ```
 */
export function parseNewProjectId(text: string): ProjectId {
  const id = parseProjectId(text);
  if (id === RESERVED) {
    throw new AppError("invalid_project_name", `the project name "${RESERVED}" is reserved`, {
      hint: "choose another name",
      details: { project_id: text },
    });
  }
  if (id.length > NEW_PROJECT_ID_LENGTH_MAX) {
    throw new AppError("invalid_project_name", `the project name is too long: ${id.length} characters`, {
      hint: `use at most ${NEW_PROJECT_ID_LENGTH_MAX}, so that container host names stay legal`,
      details: { project_id: text },
    });
  }
  return id;
}
