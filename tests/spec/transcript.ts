/**
 * Transcripts: command lines with the output and exit status they must have, as plain text.
 *
 * ```text
 * # A comment.
 * file config/projects/demo/project.yml <<
 * run: {runtime: fake}
 * <<
 *
 * $ carrel task new demo --name "Fix login"
 * created demo/{id}
 *
 * $ carrel task show demo/{id} < "text for stdin"
 * [...]
 * ! warning: what stderr says
 * ? 3
 * ```
 *
 * After a `$` line, lines are stdout, `! ` lines are stderr and `? N` is the exit status (default 0).
 * Words are split as a shell does, with quotes, but there is no shell; only `< "text"` at the end is
 * known. `[..]` matches anything within a line; a line `[...]` any number of lines; `{name}` letters,
 * digits and hyphens, and the same text wherever it is used again, in command lines and paths too. Empty
 * lines at the end of a block are ignored, and so are lines that begin with `# `. Between `file PATH <<` and
 * `<<` stands the text of a file below the session's home, whose path is `{home}`; there is a git repository with
 * one commit in `{home}/upstream`.
 *
 * @module
 */
import { invariant } from "../../core/invariant.ts";

/** What one command line did. */
export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line, without the program's name. */
export type Exec = (argv: readonly string[], stdin: string) => Promise<ExecResult>;

/** What a transcript is played on. */
export interface Stage {
  readonly exec: Exec;
  /** Names that are known from the beginning, such as `home`. */
  readonly names?: Readonly<Record<string, string>>;
  /** Writes a file; the path is relative to the home directory, and its parents are made. */
  writeFile(path: string, text: string): Promise<void>;
}

/** A fresh world for one transcript. */
export interface ExecSession extends Stage, AsyncDisposable {}

/** One command line with what it must do. */
export interface TranscriptStep {
  /** Line number of the `$` line, from 1. */
  readonly line: number;
  /** The words after the program's name, `{name}` not yet replaced. */
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly code: number;
}

/** A file that is written between command lines. */
export interface TranscriptFile {
  /** Line number of the `file` line, from 1. */
  readonly line: number;
  /** `{name}` not yet replaced. */
  readonly path: string;
  readonly text: string;
}

/** A difference between a transcript and what happened. */
export class TranscriptMismatch extends Error {
  override readonly name = "TranscriptMismatch";
}

type Variables = Map<string, string>;

/** Runs the transcript in a file; throws {@linkcode TranscriptMismatch} at the first difference. */
export async function runTranscript(path: string, stage: Stage): Promise<void> {
  await replayTranscript(await Deno.readTextFile(path), stage, path);
}

/** Runs a transcript's text; `name` is used in messages. */
export async function replayTranscript(text: string, stage: Stage, name = "transcript"): Promise<void> {
  const variables: Variables = new Map(Object.entries(stage.names ?? {}));
  for (const step of parseTranscript(text)) {
    const at = `${name}:${step.line}`;
    if ("path" in step) {
      await stage.writeFile(substitute(step.path, variables, at), step.text);
      continue;
    }
    const argv = step.argv.map((word) => substitute(word, variables, at));
    const actual = await stage.exec(argv, substitute(step.stdin, variables, at));
    const isExpected = matchLines(step.stdout, actual.stdout, variables) &&
      matchLines(step.stderr, actual.stderr, variables) && actual.code === step.code;
    if (!isExpected) throw new TranscriptMismatch(describeMismatch(at, argv, step, actual));
  }
}

/** Reads a transcript's text into steps. */
export function parseTranscript(text: string): (TranscriptStep | TranscriptFile)[] {
  const steps: (OpenStep | OpenFile)[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const step = steps.at(-1);
    if (step !== undefined && "path" in step && step.isOpen) {
      if (line === "<<") step.isOpen = false;
      else step.text += `${line}\n`;
      continue;
    }
    if (line.startsWith("# ") || line === "#") continue;
    const path = /^file (\S+) <<$/.exec(line)?.[1];
    if (path !== undefined) {
      steps.push({ line: index + 1, path, text: "", isOpen: true });
    } else if (line.startsWith("$ ")) {
      const { words, stdin } = splitWords(line.slice(2));
      steps.push({ line: index + 1, argv: words.slice(1), stdin, stdout: [], stderr: [], code: 0 });
    } else if (step === undefined || "path" in step) {
      invariant(line.trim() === "", `line ${index + 1} belongs to no command line`);
    } else if (line.startsWith("! ") || line === "!") step.stderr.push(line.slice(2));
    else if (/^\? \d+$/.test(line)) step.code = Number(line.slice(2));
    else step.stdout.push(line);
  }
  return steps.map((step) => {
    if ("path" in step) {
      const { isOpen, ...file } = step;
      invariant(!isOpen, `${file.path} ends with a line <<`);
      return file;
    }
    while (step.stdout.at(-1) === "") step.stdout.pop();
    return step;
  });
}

type OpenStep = TranscriptStep & { stdout: string[]; stderr: string[]; code: number };
type OpenFile = TranscriptFile & { text: string; isOpen: boolean };

/**
 * Whether `actual` is what the expected lines describe; names captured on the way are added to
 * `variables` when it is.
 */
export function matchLines(expected: readonly string[], actual: string, variables: Variables): boolean {
  const seen = new Set<string>();
  const pattern = expected.map((line) =>
    line === "[...]" ? "(?:.*\n)*?" : `${linePattern(line, variables, seen)}\n`
  ).join("");
  const complete = actual === "" || actual.endsWith("\n") ? actual : `${actual}\n`;
  const match = new RegExp(`^${pattern}$`).exec(complete);
  for (const [name, value] of Object.entries(match?.groups ?? {})) variables.set(name, value);
  return match !== null;
}

function linePattern(line: string, variables: Variables, seen: Set<string>): string {
  return line.split(/(\[\.\.\]|\{[a-z_]+\})/).map((part, index) => {
    if (index % 2 === 0) return RegExp.escape(part);
    if (part === "[..]") return ".*";
    const name = part.slice(1, -1);
    const known = variables.get(name);
    if (known !== undefined) return RegExp.escape(known);
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>[A-Za-z0-9-]+)`;
  }).join("");
}

function substitute(text: string, variables: Variables, at: string): string {
  return text.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = variables.get(name);
    invariant(value !== undefined, `${at}: {${name}} was captured before it is used`);
    return value;
  });
}

/** Splits as a shell does: blanks separate, quotes and backslashes protect; `< "text"` at the end is stdin. */
function splitWords(line: string): { words: string[]; stdin: string } {
  const words: string[] = [];
  let feedsAt = -1;
  let word: string | undefined;
  for (
    const [whole, blank, single, double, escaped] of line.matchAll(
      /(\s+)|'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|./g,
    )
  ) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (whole === "<" && word === undefined) feedsAt = words.length;
    else word = (word ?? "") + (single ?? double?.replace(/\\(.)/g, unescape) ?? escaped ?? whole);
  }
  if (word !== undefined) words.push(word);
  if (feedsAt < 0) return { words, stdin: "" };
  invariant(words.length === feedsAt + 1, `one text follows "<", at the end: ${line}`);
  return { words: words.slice(0, feedsAt), stdin: words[feedsAt] ?? "" };
}

function unescape(whole: string, char: string): string {
  if (char === "n") return "\n";
  return char === '"' || char === "\\" ? char : whole;
}

function describeMismatch(
  at: string,
  argv: readonly string[],
  step: TranscriptStep,
  { code, stdout, stderr }: ExecResult,
): string {
  const shown = (out: readonly string[], err: readonly string[], status: number) =>
    [...out, ...err.map((line) => `! ${line}`), ...(status === 0 ? [] : [`? ${status}`])]
      .map((line) => `    ${line}\n`).join("");
  const lines = (text: string) => text === "" ? [] : text.replace(/\n$/, "").split("\n");
  return `${at}: $ ${argv.join(" ")}\n  expected\n${shown(step.stdout, step.stderr, step.code)}` +
    `  actual\n${shown(lines(stdout), lines(stderr), code)}`;
}
