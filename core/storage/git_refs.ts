/**
 * Branches and tags, as an upstream offers them and as a clone has them.
 *
 * @module
 */

/** What a repository offers. */
export interface GitRefs {
  /** The branch that its head names; null when the head is detached, absent, or not told. */
  readonly branch: string | null;
  /** The commit of its head; null when there is none. */
  readonly head: string | null;
  /** Objects by name: `heads/main`, `tags/v1`. */
  readonly refs: ReadonlyMap<string, string>;
}

/**
 * Reads the output of `git ls-remote --symref`.
 *
 * @example
 * ```ts
 * import { parseRemoteRefs } from "./git_refs.ts";
 * import { assertEquals } from "@std/assert";
 * const text = "ref: refs/heads/main\tHEAD\n12ab\tHEAD\n12ab\trefs/heads/main\n34cd\trefs/pull/1/head\n";
 * const { branch, head, refs } = parseRemoteRefs(text);
 * assertEquals([branch, head, [...refs]], ["main", "12ab", [["heads/main", "12ab"]]]);
 * ```
 */
export function parseRemoteRefs(text: string): GitRefs {
  let branch: string | null = null;
  let head: string | null = null;
  const refs = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [object = "", name = ""] = line.split("\t");
    if (name === "HEAD" && object.startsWith("ref: ")) branch = afterPrefix(object, "ref: refs/heads/");
    else if (name === "HEAD") head = object;
    // What a tag points to, listed beside the tag itself.
    else if (!name.endsWith("^{}") && /^refs\/(?:heads|tags)\//.test(name)) {
      refs.set(name.slice("refs/".length), object);
    }
  }
  return { branch: head === null ? null : branch, head, refs };
}

/**
 * Reads the output of `git show-ref --head` in a clone, in the upstream's words, and the text of its HEAD file.
 *
 * @example
 * ```ts
 * import { parseCloneRefs } from "./git_refs.ts";
 * import { assertEquals } from "@std/assert";
 * const shown = "12ab HEAD\n12ab refs/heads/main\n12ab refs/remotes/origin/HEAD\n12ab refs/remotes/origin/main\n";
 * const { branch, head, refs } = parseCloneRefs(shown, "ref: refs/heads/main\n");
 * assertEquals([branch, head, [...refs]], ["main", "12ab", [["heads/main", "12ab"]]]);
 * ```
 */
export function parseCloneRefs(text: string, headFile: string): GitRefs {
  let head: string | null = null;
  const refs = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [object = "", name = ""] = line.split(" ");
    const branch = afterPrefix(name, "refs/remotes/origin/");
    if (name === "HEAD") head = object;
    else if (branch !== null && branch !== "HEAD") refs.set(`heads/${branch}`, object);
    else if (name.startsWith("refs/tags/")) refs.set(name.slice("refs/".length), object);
  }
  return { branch: afterPrefix(headFile.trim(), "ref: refs/heads/"), head, refs };
}

/** Whether both have the same branches and tags at the same objects. */
export function sameRefs(some: GitRefs["refs"], others: GitRefs["refs"]): boolean {
  return some.size === others.size && [...some].every(([name, object]) => others.get(name) === object);
}

function afterPrefix(text: string, prefix: string): string | null {
  return text.startsWith(prefix) ? text.slice(prefix.length) : null;
}
