/**
 * How a command is declared: positionals, flags, and the input types that follow from them.
 *
 * Values come as text, from the command line or the environment, and are turned into what the command
 * works with by a plain `parse` function that throws an `AppError`.
 *
 * @module
 */

/** How one text value is read; a text stays a text unless `parse` or `choices` say otherwise. */
export interface ValueRule {
  /** Throws an `AppError` (exit 2) for a malformed value. */
  readonly parse?: (text: string) => unknown;
  /** The only words accepted; shown in help, offered by completion. */
  readonly choices?: readonly string[];
}

interface FlagBase {
  readonly summary: string;
  /** One letter, for `-q`. */
  readonly short?: string;
}

/** A flag without a value. */
export interface BooleanFlag extends FlagBase {
  readonly kind: "boolean";
  /** Environment variable that gives the flag when the command line does not. */
  readonly env?: string;
}

/** A flag with one value; the last one given wins. */
export interface ValueFlag extends FlagBase, ValueRule {
  readonly kind: "value";
  readonly placeholder: string;
  /** As it would be typed; read by `parse` like any other text. */
  readonly default?: string;
  /** Environment variable that gives the value when the command line does not. */
  readonly env?: string;
}

/** A flag that may be given many times; every value counts, in order. */
export interface RepeatedFlag extends FlagBase, ValueRule {
  readonly kind: "repeated";
  readonly placeholder: string;
}

/** Any flag. Its name is its key in kebab case: `ignoreNotFound` is typed `--ignore-not-found`. */
export type Flag = BooleanFlag | ValueFlag | RepeatedFlag;

/** The flags of a command by key. */
export type Flags = Readonly<Record<string, Flag>>;

/** A word that stands for itself on the command line. */
export interface Positional extends ValueRule {
  readonly name: string;
  readonly summary: string;
  /** Shown in help; default: the name in capitals. */
  readonly placeholder?: string;
  /**
   * `one` (default) is required, `many` takes one or more, `any` none or more. `words` takes one or more
   * that make one value, such as an address in two words. The last three stand last.
   */
  readonly arity?: "one" | "optional" | "words" | "many" | "any";
}

/** One line worth trying. */
export interface Example {
  readonly line: string;
  readonly note: string;
}

/** What is known of a command without running it. */
export interface Declaration {
  /** One sentence without a final stop. */
  readonly summary: string;
  /** Paragraphs, separated by empty lines. */
  readonly description?: string;
  readonly examples: readonly Example[];
  readonly positionals: readonly Positional[];
  readonly flags: Flags;
  /** Names what follows `--` and is kept verbatim, e.g. `COMMAND...`; without it `--` only ends the flags. */
  readonly rest?: string;
  /** Under `--json` the answer is NDJSON: items as they come, then one `{"type":"result"}`. */
  readonly streams?: boolean;
  /** The command changes something and therefore has `--dry-run`. */
  readonly mutates?: boolean;
}

type Parsed<Rule> = Rule extends { readonly choices: readonly (infer Word)[] } ? Word
  : Rule extends { readonly parse: (text: string) => infer Value } ? Value
  : string;

type FlagValue<F> = F extends { readonly kind: "boolean" } ? boolean
  : F extends { readonly kind: "repeated" } ? readonly Parsed<F>[]
  : F extends { readonly default: string } ? Parsed<F>
  : Parsed<F> | undefined;

type PositionalValue<P> = P extends { readonly arity: "words" | "many" | "any" } ? readonly Parsed<P>[]
  : P extends { readonly arity: "optional" } ? Parsed<P> | undefined
  : Parsed<P>;

/** The values of declared flags by key. */
export type FlagsOf<F extends Flags> = { readonly [Key in keyof F]: FlagValue<F[Key]> };

/** The values of declared positionals by name. */
export type ArgsOf<P extends readonly Positional[]> = {
  readonly [Item in P[number] as Item["name"]]: PositionalValue<Item>;
};

/** What a command is run with. */
export interface CommandInput<Args = unknown, FlagValues = unknown> {
  readonly args: Args;
  readonly flags: FlagValues;
  /** What followed `--`, verbatim; empty unless the command declares `rest`. */
  readonly rest: readonly string[];
  /** Check everything, change nothing; always false for a command that does not mutate. */
  readonly dryRun: boolean;
  /** The key under which the change is made once; null without one, and for a command that does not mutate. */
  readonly idempotencyKey: string | null;
  /** What was typed to call it, such as `task run`. */
  readonly path: string;
}

/** A flag's name on the command line, without the dashes. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** How a positional is written in help and messages. */
export function placeholderOf(positional: Positional): string {
  return positional.placeholder ?? positional.name.toUpperCase();
}

/** Whether the command line is incomplete without it. */
export function isRequired({ arity = "one" }: Positional): boolean {
  return arity === "one" || arity === "words" || arity === "many";
}

/** Whether it takes all words that are left. */
export function isVariadic(positional: Positional): boolean {
  return positional.arity === "words" || isRepeated(positional);
}

/** Whether each of its words is a value of its own. */
export function isRepeated({ arity = "one" }: Positional): boolean {
  return arity === "many" || arity === "any";
}
