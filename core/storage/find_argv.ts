/**
 * How `find` is asked for the sizes of files.
 *
 * No names are printed: they may be no UTF-8, and longer than all figures together. Each tree is followed
 * by a starting point that is always there, whose line ends it: so figures are the tree's whose end comes
 * next, whatever vanishes meanwhile.
 *
 * @module
 */
import { basename, dirname, normalize } from "@std/path";
import type { SplitDepth } from "./split_depth.ts";

/** A part of a tree: all of it, or one of two halves that differ in directories at a depth below its root. */
export type TreePart = "whole" | { readonly depth: SplitDepth; readonly half: "first" | "second" };

/** Stands for the end of a tree; not `/`, with which a pattern must not end. */
const END = "/.";

/** Names of the first half's directories: about half of all names, by their last character. */
const FIRST_HALF = "*[02468bdfhjlnprtvxzBDFHJLNPRTVXZ]";

/**
 * The argv that prints a line for each regular file of the trees, `depth,size,blocks,` and, when it has
 * several names, `"device:inode",`; and `null,` at the end of each tree. Of halves, the first one has all
 * files down to the depth, and the second one prints those too: the reader leaves them out.
 *
 * @example
 * ```ts
 * import { findArgv } from "./find_argv.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(findArgv(["/srv/t"], "whole").slice(0, 3), ["find", "/srv/./t", "/."]);
 * ```
 */
export function findArgv(paths: readonly string[], part: TreePart): [string, ...string[]] {
  return [
    "find",
    ...paths.flatMap((path) => [markRoot(path), END]),
    ...["-type", "f", "(", "-links", "1", "-printf", "%d,%s,%b,\\n"],
    ...["-o", "-printf", '%d,%s,%b,"%D:%i",\\n', ")"],
    ...["-o", "-path", END, "-prune", "-printf", "null,\\n"],
    ...(part === "whole" ? [] : ["-o", ...pruneOtherHalf(part)]),
  ];
}

/**
 * Writes a root so that every path below shows where it begins: no name is a dot. The root itself stays
 * the last name, so that a link there is not followed.
 *
 * @example
 * ```ts
 * import { markRoot } from "./find_argv.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["/srv/t", "/srv"].map(markRoot), ["/srv/./t", "/./srv"]);
 * ```
 */
export function markRoot(root: string): string {
  const path = normalize(root);
  return `${dirname(path).replace(/\/$/, "")}/./${basename(path)}`;
}

/** Both halves go down to the depth; there each leaves the other's directories alone. */
function pruneOtherHalf({ depth, half }: Exclude<TreePart, "whole">): string[] {
  const atOrBelow = `*/./*${"/*".repeat(depth)}`;
  return [
    ...["-type", "d", "-path", atOrBelow, "!", "-path", `${atOrBelow}/*`],
    ...(half === "first" ? ["!"] : []),
    ...["-name", FIRST_HALF, "-prune"],
  ];
}
