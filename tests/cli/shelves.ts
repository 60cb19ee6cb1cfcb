/**
 * A made-up program for the tests of the command runner: an inventory of shelves.
 *
 * @module
 */
import { type CommandTable } from "../../core/cli/command_table.ts";
import { type Command, defineCommand } from "../../core/cli/define_command.ts";
import type { Globals } from "../../core/cli/global_flags.ts";
import type { Io } from "../../core/cli/io.ts";
import { runCli } from "../../core/cli/run_cli.ts";
import { formatTable } from "../../core/cli/table.ts";
import { AppError } from "../../core/error.ts";
import { type MemoryTerminalOptions, newMemoryTerminal } from "../../core/host/memory_terminal.ts";
import { invariant } from "../../core/invariant.ts";
import { BrokenPipe } from "../../core/port/terminal.ts";

export interface Shelves {
  readonly globals: Globals;
  readonly io: Io;
  readonly log: string[];
}

const BOOKS = [
  { shelf: "A1", title: "Middlemarch", copies: 2 },
  { shelf: "B12", title: "Moby-Dick; or, The Whale", copies: 10 },
];

function parseShelf(text: string): string {
  if (!/^[A-Z]\d+$/.test(text)) {
    throw new AppError("invalid_value", `${JSON.stringify(text)} is no shelf`, { hint: "like A1" });
  }
  return text;
}

export const listBooks: Command<Shelves> = defineCommand<Shelves>()({
  summary: "List books",
  examples: [],
  run: () => Promise.resolve({ data: BOOKS, addresses: BOOKS.map((book) => book.shelf) }),
  text: (books, look) =>
    formatTable(
      [{ header: "SHELF" }, { header: "TITLE", shrinks: true }, { header: "COPIES", align: "right" }],
      books.map((book) => [book.shelf, book.title, `${book.copies}`]),
      look,
    ),
});

export const addBook: Command<Shelves> = defineCommand<Shelves>()({
  summary: "Add a book to a shelf",
  description: "The book is put at the end of the shelf.\n\nA shelf that does not exist yet is built.",
  examples: [{ line: "shelves book add A1 Emma --tag novel", note: "adds one copy" }],
  mutates: true,
  positionals: [
    { name: "shelf", summary: "where it goes", parse: parseShelf },
    { name: "title", summary: "what is on the cover", arity: "optional" },
  ],
  flags: {
    copies: { kind: "value", short: "n", placeholder: "N", parse: Number, default: "1", summary: "how many" },
    binding: {
      kind: "value",
      placeholder: "BINDING",
      choices: ["cloth", "paper"],
      summary: "what holds it together",
      env: "SHELVES_BINDING",
    },
    tag: { kind: "repeated", placeholder: "TAG", summary: "a word to find it by" },
    isNew: { kind: "boolean", summary: "it has no reader yet" },
  },
  async run(app, input) {
    // The assignments prove the inferred types.
    const shelf: string = input.args.shelf;
    const title: string | undefined = input.args.title;
    const copies: number = input.flags.copies;
    const binding: "cloth" | "paper" | undefined = input.flags.binding;
    const tags: readonly string[] = input.flags.tag;
    const isNew: boolean = input.flags.isNew;
    app.io.warn("the shelf is old");
    app.io.notice("built\nerror: forged");
    await Promise.resolve();
    return {
      data: { shelf, title, copies, binding, tags, is_new: isNew, dry_run: input.dryRun },
      addresses: [shelf],
    };
  },
  text: (book, { style }) => `${style.green("added")} ${book.title} to ${book.shelf}`,
});

export const readBook: Command<Shelves> = defineCommand<Shelves>()({
  summary: "Read aloud",
  examples: [],
  streams: true,
  rest: "VOICE...",
  positionals: [{ name: "shelf", summary: "from where", arity: "many" }],
  async run({ io }, { args, rest }) {
    for (const shelf of args.shelf) {
      if (io.json) await io.emit({ type: "page", shelf });
      else await io.writeOut(`\x1b[1m${shelf}\n`);
    }
    return { data: { voice: rest }, exit: 7 };
  },
  text: () => "",
});

/** Goes wrong in the way that it is told. */
export const dropBook: Command<Shelves> = defineCommand<Shelves>()({
  summary: "Drop a book",
  examples: [],
  positionals: [{ name: "how", summary: "the way it goes wrong" }],
  async run({ io }, { args }) {
    const loud = new AppError("partial", "one of two fell", { details: { op: "op-1", fallen: ["A1"] } });
    switch (args.how) {
      case "expected":
        throw new AppError("wrong_state", "the shelf is \x1b[2Jempty", {
          hint: "add a book",
          cause: new AppError("file_not_found", "no such shelf"),
        });
      case "bug":
        invariant(false, "books have pages");
        break;
      case "unknown":
        throw new TypeError("not a book");
      case "pipe":
        throw new BrokenPipe("gone");
      case "half":
        return { data: { dropped: 1 }, error: loud };
      case "half-exit":
        return { data: { dropped: 1 }, error: loud, exit: 125 };
      case "ask":
        return { data: { dropped: await io.confirm("drop all books", "--yes") ? 2 : 0 } };
    }
    return { data: { dropped: 0 } };
  },
  text: ({ dropped }) => `dropped ${dropped}`,
});

export const TABLE: CommandTable<Shelves> = {
  program: "shelves",
  summary: "Keep books",
  groups: { book: "what stands on shelves" },
  commands: {
    "book list": () => Promise.resolve(listBooks),
    "book add": () => Promise.resolve(addBook),
    "book read": () => Promise.resolve(readBook),
    "book drop": () => Promise.resolve(dropBook),
    "version": () =>
      Promise.resolve(
        defineCommand<Shelves>()({
          summary: "Print the version",
          examples: [],
          run: () => Promise.resolve({ data: { version: "1.2.3" } }),
          text: ({ version }) => version,
        }),
      ),
  },
};

export interface RunOptions extends MemoryTerminalOptions {
  /** The reader of stdout is gone. */
  readonly stdoutIsClosed?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Called when the app is closed. */
  readonly onClose?: () => Promise<void>;
  readonly onOpen?: (globals: Globals) => void;
}

/** Runs the made-up program. */
export async function runShelves(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<{ exit: number; stdout: string; stderr: string }> {
  const terminal = newMemoryTerminal(options);
  if (options.stdoutIsClosed) terminal.closeStdout();
  const exit = await runCli<Shelves>({
    argv,
    table: TABLE,
    terminal,
    env: { get: (name) => options.env?.[name] },
    newApp(globals, io) {
      options.onOpen?.(globals);
      const close = options.onClose;
      const app = { globals, io, log: [] };
      return close === undefined ? app : { ...app, [Symbol.asyncDispose]: close };
    },
  });
  return { exit, stdout: terminal.stdoutText(), stderr: terminal.stderrText() };
}
