/**
 * All commands of a program by what is typed, each loaded when it is needed.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { Command } from "./define_command.ts";
import { GLOBAL_FLAGS, PROGRAM_FLAGS } from "./global_flags.ts";
import { indexFlags, takesValue } from "./parse_command_line.ts";
import { tokenizeArgs } from "./tokenize_args.ts";

/** Loads a command; its module is not read before. */
export type CommandLoader<App> = () => Promise<Command<App>>;

/** The commands of a program. */
export interface CommandTable<App> {
  /** The program's name, as typed. */
  readonly program: string;
  /** One sentence without a final stop. */
  readonly summary: string;
  /** Each group (`task`) with its sentence. */
  readonly groups: Readonly<Record<string, string>>;
  /** Each command by its path (`task run`); the order is that of help. `--version` runs `version`. */
  readonly commands: Readonly<Record<string, CommandLoader<App>>>;
}

/** What argv names; `argv` is the remainder, without the words of the path. */
export type Found<App> =
  | {
    readonly kind: "command";
    readonly path: string;
    readonly load: CommandLoader<App>;
    readonly argv: readonly string[];
  }
  | {
    /** A group, or the program itself (`path` is then empty). */
    readonly kind: "group";
    readonly path: string;
    /** The word that stands where a command should, if any. */
    readonly unknown: string | undefined;
    readonly argv: readonly string[];
  };

const LEADING_FLAGS = indexFlags({ ...GLOBAL_FLAGS, ...PROGRAM_FLAGS });

/**
 * Finds the command with the longest path that argv begins with. Global flags may stand before and
 * between the words.
 */
export function findCommand<App>(table: CommandTable<App>, argv: readonly string[]): Found<App> {
  const words: string[] = [];
  const taken = new Set<number>();
  let unknown: string | undefined;
  for (const token of tokenizeArgs(argv, (raw) => takesValue(LEADING_FLAGS.get(raw)?.flag))) {
    if (token.kind === "word") {
      const isKnown = !token.afterEnd && listWords(table, words.join(" ")).includes(token.value);
      if (!isKnown) {
        unknown = token.value;
        break;
      }
      words.push(token.value);
    } else {
      const key = LEADING_FLAGS.get(token.raw)?.key;
      if (key !== undefined && key !== "version") continue;
      if (key === undefined || words.length > 0 || !Object.hasOwn(table.commands, "version")) break;
      words.push("version");
    }
    taken.add(token.index);
  }
  const path = words.join(" ");
  const remainder = argv.filter((_, index) => !taken.has(index));
  const load = Object.hasOwn(table.commands, path) ? table.commands[path] : undefined;
  return load === undefined
    ? { kind: "group", path, unknown, argv: remainder }
    : { kind: "command", path, load, argv: remainder };
}

/** The words that may follow `path` (a group, or empty for the program), in table order. */
export function listWords<App>(table: CommandTable<App>, path: string): string[] {
  const depth = path === "" ? 0 : path.split(" ").length;
  const prefix = path === "" ? "" : `${path} `;
  const below = Object.keys(table.commands).filter((other) => other.startsWith(prefix));
  return [...new Set(below.flatMap((other) => other.split(" ")[depth] ?? []))];
}

/** The path as typed, with the program's name before it. */
export function fullPath<App>(table: CommandTable<App>, path: string): string {
  return path === "" ? table.program : `${table.program} ${path}`;
}

/** The `usage` error of a line that names a group where a command is needed. */
export async function commandNeeded<App>(
  table: CommandTable<App>,
  { path, unknown }: Extract<Found<App>, { kind: "group" }>,
): Promise<AppError> {
  const parent = fullPath(table, path);
  const commands = listWords(table, path);
  if (unknown === undefined) {
    return new AppError("usage", `${parent} needs a command: ${commands.join(", ")}`, {
      details: { commands },
    });
  }
  // Loaded here, as for flags: only a typo needs it and every start would pay for it.
  const { nearestName } = await import("../nearest_name.ts");
  const nearest = nearestName(unknown, commands);
  return new AppError("usage", `${parent} has no command ${JSON.stringify(unknown)}`, {
    details: { commands },
    hint: nearest === null ? `${parent} --help` : `did you mean ${parent} ${nearest}`,
  });
}
