/**
 * Reads what the program printed.
 *
 * @module
 */
import type { Ran } from "../support/program.ts";

/** A JSON object. */
export type Item = Readonly<Record<string, unknown>>;

/** Text of one JSON value a line, as values; throws for anything else. */
export function parseLines(text: string): Item[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** The error object on stderr, in either form; null when there is none. */
export function errorOf({ stderr }: Ran): Item | null {
  if (!stderr.startsWith("{")) {
    const [message] = wordsOf(stderr).errors;
    return message === undefined ? null : { message };
  }
  const errors = parseLines(stderr).flatMap((line) => line.error === undefined ? [] : [line.error as Item]);
  const [error = null, ...others] = errors;
  if (others.length > 0) throw new TypeError(`more than one error: ${stderr}`);
  return error;
}

/** What stderr says to people. */
export function wordsOf(stderr: string): { readonly errors: string[]; readonly hints: string[] } {
  const labelled = (label: string) =>
    stderr.split("\n").filter((line) => line.startsWith(`${label}: `)).map((line) =>
      line.slice(label.length + 2)
    );
  return { errors: labelled("error"), hints: labelled("hint") };
}
