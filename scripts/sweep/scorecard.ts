/**
 * `docs/scorecard.md` and `docs/scorecard.json`: what the last full runs have shown. Each run writes its own part.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** A run's part: the same figures for people and for programs. */
export interface ScorecardPart {
  readonly name: string;
  /** Markdown. */
  readonly text: string;
  /** JSON. */
  readonly figures: object;
}

/** Replaces one part of both files, which are made when they are not there. */
export async function writeScorecard({ name, text, figures }: ScorecardPart): Promise<void> {
  const document = fileInDocs("scorecard.md");
  await Deno.writeTextFile(document, replacePart(await readIfThere(document) ?? HEAD, name, text));
  const data = fileInDocs("scorecard.json");
  const parts: unknown = JSON.parse(await readIfThere(data) ?? "{}");
  await Deno.writeTextFile(data, `${JSON.stringify({ ...Object(parts), [name]: figures }, null, 1)}\n`);
}

function fileInDocs(name: string): string {
  return fromFileUrl(new URL(`../../docs/${name}`, import.meta.url));
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return null;
  }
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
