/**
 * What a command speaks with while it runs. Its answer is returned, not printed here.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import type { Env } from "../port/host.ts";
import type { Terminal } from "../port/terminal.ts";
import { displayWidth, truncateText } from "../text/display_width.ts";
import { formatJson, sanitizeLine } from "../text/sanitize_text.ts";
import { type Look, newLook, newStyle, paint, wantsColour } from "./style.ts";

const STATUS_COLUMNS = 80;

/** How output was asked for. */
export interface IoSettings {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noInput: boolean;
}

/** The streams of this run. Writes happen in the order of the calls, whether awaited or not. */
export interface Io extends IoSettings {
  /** Whether a person can be talked to: stdin and stdout are a terminal. */
  readonly isTerminal: boolean;
  /** The look of stdout. */
  readonly look: Look;
  /** Something is not as it should be, but the command goes on. Never fails. */
  warn(text: string): void;
  /** Worth knowing for people, left out with `--quiet`. Never fails. */
  notice(text: string): void;
  /**
   * A line on stderr that the next one replaces, and nothing takes away. Only for a person who looks: not
   * in a pipe, on a dumb terminal, with `--quiet` or under `--json`. Never fails.
   */
  status(line: string): void;
  /** One NDJSON item on stdout; only under `--json`. Rejects with `BrokenPipe`. */
  emit(item: Readonly<Record<string, unknown>>): Promise<void>;
  /** Text for people on stdout, made harmless; never under `--json`. Rejects with `BrokenPipe`. */
  print(text: string): Promise<void>;
  /**
   * A list that need not fit into memory, page by page: one array under `--json`, else as `word` says of each
   * page. The array is closed also when the pages break off. Rejects with `BrokenPipe`.
   */
  printList<Item>(
    pages: AsyncIterable<readonly Item[]>,
    word: (page: readonly Item[]) => string,
  ): Promise<void>;
  /** Raw bytes of a program that carrel runs, to stdout; never under `--json`. Rejects with `BrokenPipe`. */
  writeOut(data: Uint8Array | string): Promise<void>;
  /** The same, to stderr; when its reader is gone the data is dropped. */
  writeErr(data: Uint8Array | string): Promise<void>;
  /**
   * Asks a yes-or-no question on the terminal; no is the default. Fails with `input_required`, whose
   * hint names `flag`, when nobody can be asked.
   */
  confirm(question: string, flag: string): Promise<boolean>;
  /** All of stdin. Fails with `input_required` when a terminal would have to be read under `--no-input`. */
  readStdin(maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Resolves when everything so far is written; for before another program gets the terminal. */
  flush(): Promise<void>;
}

/** The runner's own side of an {@linkcode Io}. */
export interface RunnerIo extends Io {
  /** One JSON document or NDJSON item on stdout. Rejects with `BrokenPipe`. */
  writeJson(data: unknown): Promise<void>;
  /** Lines for people on stderr: a coloured label and text. Never fails. */
  printLabelled(label: string, colour: "red" | "yellow" | "bold", text: string): void;
  /** One NDJSON item on stderr. Never fails. */
  writeJsonErr(item: Readonly<Record<string, unknown>>): void;
}

/** Opens the streams of a run. */
export function newIo(terminal: Terminal, env: Pick<Env, "get">, settings: IoSettings): RunnerIo {
  const { stdin, stdout, stderr } = terminal;
  const { json, quiet, noInput } = settings;
  const canAsk = !json && !noInput && stdin.isTerminal && stderr.isTerminal;
  const errColour = wantsColour(env, stderr);
  const errStyle = newStyle(errColour);
  const outColour = wantsColour(env, stdout);
  const showsStatus = !json && !quiet && stderr.isTerminal && env.get("TERM") !== "dumb";
  let statusCells = 0;

  let tail: Promise<unknown> = Promise.resolve();
  const enqueue = <Result>(write: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(write);
    tail = result.catch(() => {});
    return result;
  };
  const toOut = (data: Uint8Array | string) => enqueue(() => stdout.write(data));
  // Nobody is left to hear that stderr cannot be written.
  const toErr = (data: Uint8Array | string) => enqueue(() => stderr.write(data).catch(() => {}));
  const writeJsonErr = (item: Readonly<Record<string, unknown>>) => {
    toErr(`${formatJson(item)}\n`);
  };
  const printLabelled: RunnerIo["printLabelled"] = (label, colour, text) => {
    // Indented, so that no text from elsewhere can pretend to be a line of carrel's own.
    const lines = text.trimEnd().replaceAll("\n", "\n  ");
    toErr(`${paint(`${errStyle[colour](`${label}:`)} ${lines}`, errColour)}\n`);
  };

  return {
    json,
    quiet,
    noInput,
    isTerminal: stdin.isTerminal && stdout.isTerminal,
    look: newLook(env, stdout),
    warn: (text) => json ? writeJsonErr({ warning: text }) : printLabelled("warning", "yellow", text),
    notice(text) {
      if (json) writeJsonErr({ notice: text });
      else if (!quiet) printLabelled("notice", "bold", text);
    },
    status(line) {
      if (!showsStatus || line === "" && statusCells === 0) return;
      const text = truncateText(sanitizeLine(line), (stderr.columns ?? STATUS_COLUMNS) - 1);
      const cells = displayWidth(text);
      const blank = " ".repeat(Math.max(0, statusCells - cells));
      toErr(`\r${text}${blank}${line === "" ? "\r" : ""}`);
      statusCells = cells;
    },
    async emit(item) {
      invariant(json, "items are emitted only under --json");
      await toOut(`${formatJson(item)}\n`);
    },
    async print(text) {
      invariant(!json, "text for people is not printed under --json");
      await toOut(paint(text, outColour));
    },
    async printList(pages, word) {
      if (!json) {
        for await (const page of pages) await toOut(paint(word(page), outColour));
        return;
      }
      await toOut("[");
      let between = "";
      try {
        for await (const page of pages) {
          if (page.length === 0) continue;
          await toOut(between + page.map(formatJson).join(","));
          between = ",";
        }
      } finally {
        await toOut("]\n");
      }
    },
    async writeOut(data) {
      invariant(!json, "raw output is not written under --json");
      await toOut(data);
    },
    async writeErr(data) {
      invariant(!json, "raw output is not written under --json");
      await toErr(data);
    },
    async confirm(question, flag) {
      if (!canAsk) {
        throw new AppError("input_required", `nobody can be asked: ${question}`, {
          hint: `give ${flag} to answer yes`,
        });
      }
      await toErr(paint(`${question} [y/N] `, errColour));
      return await enqueue(async () => /^\s*y(es)?\s*$/i.test(await stdin.readLine() ?? ""));
    },
    async readStdin(maxBytes) {
      if (noInput && stdin.isTerminal) {
        throw new AppError("input_required", "stdin is a terminal, and --no-input forbids to read from it");
      }
      return await stdin.readAll(maxBytes);
    },
    writeJson: (data) => toOut(`${formatJson(data)}\n`),
    printLabelled,
    writeJsonErr,
    async flush() {
      await tail;
    },
  };
}
