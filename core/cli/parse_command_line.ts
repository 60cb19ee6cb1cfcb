/**
 * argv and environment in, a command's typed input out; every value checked by its declaration.
 *
 * @module
 */
import { AppError, isAppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import type { Env } from "../port/host.ts";
import {
  type CommandInput,
  type Declaration,
  type Flag,
  flagName,
  type FlagsOf,
  isRequired,
  isVariadic,
  placeholderOf,
  type ValueRule,
} from "./declaration.ts";
import { GLOBAL_FLAGS, type Globals, MUTATION_FLAGS, toGlobals } from "./global_flags.ts";
import { type Token, tokenizeArgs } from "./tokenize_args.ts";

/** A command line that makes sense, or a request for help. */
export type CommandLine =
  | { readonly help: true }
  | { readonly help: false; readonly globals: Globals; readonly input: ParsedInput };

/** The input of a command, but for where it was found. */
export type ParsedInput = Omit<CommandInput, "path">;

/** What the parser needs to know of a command. */
export type Grammar = Pick<Declaration, "positionals" | "flags" | "rest" | "mutates">;

type FlagToken = Extract<Token, { kind: "flag" }>;
type WordToken = Extract<Token, { kind: "word" }>;
type Values = Readonly<Record<string, unknown>>;

/**
 * Reads `argv` (without the command's own path). Precedence: flag, environment, default.
 *
 * Fails with `usage` for what the grammar does not know, and with the code that a `parse` function
 * chose (mostly `invalid_value`) for a malformed value, naming the flag or variable it came from.
 */
export async function parseCommandLine(
  grammar: Grammar,
  argv: readonly string[],
  env: Pick<Env, "get">,
): Promise<CommandLine> {
  const common = grammar.mutates ? { ...GLOBAL_FLAGS, ...MUTATION_FLAGS } : GLOBAL_FLAGS;
  const named = indexFlags({ ...common, ...grammar.flags });
  const given = new Map<string, FlagToken[]>();
  const words: WordToken[] = [];
  for (const token of tokenizeArgs(argv, (raw) => takesValue(named.get(raw)?.flag))) {
    if (token.kind === "word") {
      words.push(token);
      continue;
    }
    const known = named.get(token.raw);
    if (known === undefined) throw await unknownFlag(token.raw, [...named.keys()]);
    checkValue(known.flag, token);
    given.set(known.key, [...(given.get(known.key) ?? []), token]);
  }
  if (given.has("help")) return { help: true };

  const read = (flags: Readonly<Record<string, Flag>>): Values =>
    Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, readFlag(key, flag, given, env)]));
  // Sound for the same reason as in defineCommand: these values were read by these very flags.
  const { idempotencyKey } = read(MUTATION_FLAGS) as FlagsOf<typeof MUTATION_FLAGS>;
  const takesRest = grammar.rest !== undefined;
  const ownWords = takesRest ? words.filter((word) => !word.afterEnd) : words;
  return {
    help: false,
    globals: toGlobals(read(GLOBAL_FLAGS) as FlagsOf<typeof GLOBAL_FLAGS>),
    input: {
      args: readPositionals(grammar, ownWords.map((word) => word.value)),
      flags: read(grammar.flags),
      rest: takesRest ? words.filter((word) => word.afterEnd).map((word) => word.value) : [],
      dryRun: given.has("dryRun"),
      idempotencyKey: idempotencyKey ?? null,
    },
  };
}

/**
 * Whether the answer, even one about a malformed command line, must be JSON: `--json` stands anywhere
 * before `--`, or CARREL_JSON asks for it.
 */
export function wantsJson(argv: readonly string[], env: Pick<Env, "get">): boolean {
  const end = argv.indexOf("--");
  if ((end < 0 ? argv : argv.slice(0, end)).includes("--json")) return true;
  return parseBooleanWord(env.get(GLOBAL_FLAGS.json.env) ?? "") ?? true;
}

/** Flags by what can be typed for them (`--name`, `-n`), each with its key. */
export function indexFlags(
  flags: Readonly<Record<string, Flag>>,
): Map<string, { readonly key: string; readonly flag: Flag }> {
  const named = new Map<string, { key: string; flag: Flag }>();
  for (const [key, flag] of Object.entries(flags)) {
    named.set(`--${flagName(key)}`, { key, flag });
    if (flag.short !== undefined) named.set(`-${flag.short}`, { key, flag });
  }
  return named;
}

/** Whether a value must follow; an unknown flag takes none. */
export function takesValue(flag: Flag | undefined): boolean {
  return flag !== undefined && flag.kind !== "boolean";
}

async function unknownFlag(raw: string, possible: readonly string[]): Promise<AppError> {
  // A single letter is near to every other one.
  const long = possible.filter((name) => name.startsWith("--"));
  const { nearestName } = await import("../nearest_name.ts");
  // The dashes are no part of the name: they would make every two names look alike.
  const nearest = raw.startsWith("--") ? nearestName(raw.slice(2), long.map((name) => name.slice(2))) : null;
  return new AppError("usage", `unknown flag ${raw}`, {
    ...(nearest === null ? {} : { hint: `did you mean --${nearest}` }),
  });
}

function checkValue(flag: Flag, { raw, value, inline }: FlagToken): void {
  if (flag.kind === "boolean") {
    if (value !== undefined) throw new AppError("usage", `${raw} takes no value`);
    return;
  }
  if (value === undefined) throw new AppError("usage", `${raw} needs a value: ${flag.placeholder}`);
  if (!inline && value.length > 1 && value.startsWith("-")) {
    throw new AppError("usage", `${raw} needs a value, but ${value} looks like a flag`, {
      hint: raw.startsWith("--")
        ? `write ${raw}=${value} if it is the value`
        : `write ${raw}${value} if it is the value`,
    });
  }
}

function readFlag(
  key: string,
  flag: Flag,
  given: ReadonlyMap<string, readonly FlagToken[]>,
  env: Pick<Env, "get">,
): unknown {
  const tokens = given.get(key) ?? [];
  if (flag.kind === "repeated") return tokens.map((token) => readValue(flag, token.value, token.raw));
  const last = tokens.at(-1);
  // A variable that is set to nothing counts as not set, as for NO_COLOR and the XDG directories.
  const variable = (flag.env === undefined ? undefined : env.get(flag.env)) || undefined;
  if (flag.kind === "boolean") {
    return last !== undefined || (variable !== undefined && readBooleanVariable(flag.env ?? "", variable));
  }
  if (last !== undefined) return readValue(flag, last.value, last.raw);
  if (variable !== undefined) return readValue(flag, variable, flag.env ?? "");
  return flag.default === undefined ? undefined : readValue(flag, flag.default, `--${flagName(key)}`);
}

function readValue(rule: ValueRule, text: string | undefined, source?: string): unknown {
  invariant(text !== undefined, "values were checked when they were tokenized");
  const prefix = source === undefined ? "" : `${source}: `;
  if (rule.choices !== undefined && !rule.choices.includes(text)) {
    throw new AppError("invalid_value", `${prefix}${JSON.stringify(text)} is not known`, {
      hint: `one of ${rule.choices.join(", ")}`,
    });
  }
  if (rule.parse === undefined) return text;
  try {
    return rule.parse(text);
  } catch (error) {
    if (source === undefined || !isAppError(error)) throw error;
    throw new AppError(error.code, `${prefix}${error.message}`, {
      cause: error,
      details: error.details,
      exit: error.exit,
      ...(error.hint === null ? {} : { hint: error.hint }),
    });
  }
}

/** Undefined for a text that means neither. Empty means no. */
function parseBooleanWord(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (["1", "true", "yes", "on"].includes(word)) return true;
  if (["", "0", "false", "no", "off"].includes(word)) return false;
  return undefined;
}

function readBooleanVariable(name: string, text: string): boolean {
  const value = parseBooleanWord(text);
  if (value === undefined) {
    throw new AppError("invalid_value", `${name}: ${JSON.stringify(text)} is neither yes nor no`, {
      hint: "use 1 or 0",
    });
  }
  return value;
}

function readPositionals({ positionals, rest }: Grammar, words: readonly string[]): Values {
  const values: Record<string, unknown> = {};
  let next = 0;
  for (const positional of positionals) {
    const takesAll = isVariadic(positional);
    const taken = words.slice(next, takesAll ? undefined : next + 1);
    if (taken.length === 0 && isRequired(positional)) {
      throw new AppError("usage", `missing ${placeholderOf(positional)}`);
    }
    next += taken.length;
    const parsed = taken.map((word) => readValue(positional, word));
    values[positional.name] = takesAll ? parsed : parsed[0];
  }
  const extra = words[next];
  if (extra !== undefined) {
    throw new AppError("usage", `unexpected argument ${JSON.stringify(extra)}`, {
      ...(rest === undefined ? {} : { hint: `what follows -- is the ${rest.replace("...", "")}` }),
    });
  }
  return values;
}
