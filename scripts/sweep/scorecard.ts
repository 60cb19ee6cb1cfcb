/**
 * `docs/scorecard.md`: what the last full runs have shown. Each run writes its own part.
 *
 * @module
 */

/** Replaces one part of the file, and makes the file when it is not there. */
export async function writeScorecard(path: string, part: string, text: string): Promise<void> {
  let before = "";
  try {
    before = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.writeTextFile(path, replacePart(before === "" ? HEAD : before, part, text));
}

const HEAD = `# Scorecard

What the full sweeps have shown on the compiled binary. Each part is written by the command that it names.
`;

/**
 * Puts `text` between the marks of `part`, which are added at the end where they are missing.
 *
 * @example
 * ```ts
 * import { replacePart } from "./scorecard.ts";
 * import { assertEquals } from "@std/assert";
 * const once = replacePart("# Head\n", "a", "one");
 * assertEquals(replacePart(once, "a", "two"), once.replace("one", "two"));
 * ```
 */
export function replacePart(document: string, part: string, text: string): string {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- end of ${part} -->`];
  const whole = `${begin}\n\n${text}\n\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${whole}\n`;
  return `${document.slice(0, from)}${whole}${document.slice(to + end.length)}`;
}
