/**
 * Help, made from the declarations: first data, then words.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { commandNeeded, type CommandTable, findCommand, fullPath, listWords } from "./command_table.ts";
import {
  type Declaration,
  type Flag,
  flagName,
  type Flags,
  isRepeated,
  isRequired,
  placeholderOf,
  type Positional,
} from "./declaration.ts";
import { EXIT_STATUS } from "./exit_status.ts";
import { GLOBAL_FLAGS, MUTATION_FLAGS, PROGRAM_FLAGS } from "./global_flags.ts";
import { formatGroupUsage, formatUsage } from "./usage.ts";

/** A command or group with its sentence. */
export interface HelpEntry {
  readonly path: string;
  readonly summary: string;
}

/** A flag as help shows it. */
export interface HelpFlag {
  /** `--quiet`. */
  readonly name: string;
  /** `-q`, or null. */
  readonly short: string | null;
  /** Null for a flag without a value. */
  readonly placeholder: string | null;
  readonly summary: string;
  readonly repeated: boolean;
  readonly default: string | null;
  readonly env: string | null;
  readonly choices: readonly string[] | null;
}

/** A positional as help shows it. */
export interface HelpArgument {
  readonly placeholder: string;
  readonly summary: string;
  readonly required: boolean;
  readonly repeated: boolean;
  readonly choices: readonly string[] | null;
}

/** Everything that help says about the program, a group or a command. */
export interface HelpPage {
  /** As typed, the program's name first. */
  readonly path: string;
  readonly summary: string;
  readonly description: string | null;
  readonly usage: string;
  readonly sections: readonly { readonly title: string; readonly commands: readonly HelpEntry[] }[];
  readonly arguments: readonly HelpArgument[];
  readonly flags: readonly HelpFlag[];
  readonly global_flags: readonly HelpFlag[];
  readonly examples: Declaration["examples"];
  /** Only on the program's page. */
  readonly exit_status: typeof EXIT_STATUS;
}

/**
 * The page for a command, a group, or with no words the program. Loads the commands that it names, and
 * nothing else. Fails with `usage` for words that lead nowhere.
 */
export async function loadHelpPage<App>(
  table: CommandTable<App>,
  words: readonly string[],
): Promise<HelpPage> {
  const found = findCommand(table, words);
  if (found.kind === "group") {
    if (found.unknown !== undefined) throw await commandNeeded(table, found);
    return await describeGroup(table, found.path);
  }
  const [extra] = found.argv;
  if (extra !== undefined) {
    throw new AppError(
      "usage",
      `${fullPath(table, found.path)} is a command: there is no ${JSON.stringify(extra)} below it`,
    );
  }
  return describeCommand(table, found.path, await found.load());
}

/** The page of one command. */
export function describeCommand<App>(
  table: CommandTable<App>,
  path: string,
  command: Declaration,
): HelpPage {
  return {
    path: fullPath(table, path),
    summary: command.summary,
    description: command.description ?? null,
    usage: formatUsage(fullPath(table, path), command),
    sections: [],
    arguments: command.positionals.map(describePositional),
    flags: describeFlags({ ...command.flags, ...(command.mutates ? MUTATION_FLAGS : {}) }),
    global_flags: describeFlags(GLOBAL_FLAGS),
    examples: command.examples,
    exit_status: [],
  };
}

/** The page of a group, or with an empty path of the program. */
export async function describeGroup<App>(table: CommandTable<App>, path: string): Promise<HelpPage> {
  const isProgram = path === "";
  const singles: HelpEntry[] = [];
  const sections: { title: string; commands: HelpEntry[] }[] = [];
  for (const word of listWords(table, path)) {
    const below = isProgram ? word : `${path} ${word}`;
    const load = table.commands[below];
    if (load !== undefined) singles.push({ path: below, summary: (await load()).summary });
    else sections.push({ title: groupTitle(table, below), commands: await listCommands(table, below) });
  }
  const title = isProgram && sections.length > 0 ? "Other commands" : "Commands";
  return {
    path: fullPath(table, path),
    summary: isProgram ? table.summary : table.groups[path] ?? "",
    description: null,
    usage: formatGroupUsage(fullPath(table, path)),
    sections: singles.length === 0 ? sections : [...sections, { title, commands: singles }],
    arguments: [],
    flags: isProgram ? describeFlags(PROGRAM_FLAGS) : [],
    global_flags: describeFlags(GLOBAL_FLAGS),
    examples: [],
    exit_status: isProgram ? EXIT_STATUS : [],
  };
}

function groupTitle<App>(table: CommandTable<App>, path: string): string {
  const summary = table.groups[path];
  return summary === undefined ? path : `${path}: ${summary}`;
}

async function listCommands<App>(table: CommandTable<App>, group: string): Promise<HelpEntry[]> {
  const below = Object.entries(table.commands).filter(([path]) => path.startsWith(`${group} `));
  return await Promise.all(below.map(async ([path, load]) => ({ path, summary: (await load()).summary })));
}

function describeFlags(flags: Flags): HelpFlag[] {
  return Object.entries(flags).map(([key, flag]: [string, Flag]) => ({
    name: `--${flagName(key)}`,
    short: flag.short === undefined ? null : `-${flag.short}`,
    placeholder: flag.kind === "boolean" ? null : flag.placeholder,
    summary: flag.summary,
    repeated: flag.kind === "repeated",
    default: flag.kind === "value" ? flag.default ?? null : null,
    env: flag.kind === "repeated" ? null : flag.env ?? null,
    choices: flag.kind === "boolean" ? null : flag.choices ?? null,
  }));
}

function describePositional(positional: Positional): HelpArgument {
  return {
    placeholder: placeholderOf(positional),
    summary: positional.summary,
    required: isRequired(positional),
    repeated: isRepeated(positional),
    choices: positional.choices ?? null,
  };
}
