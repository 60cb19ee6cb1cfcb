/**
 * Declares a command once; parser, help, completion and manual are made from the declaration.
 *
 * @module
 */
import type { AppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import {
  type ArgsOf,
  type CommandInput,
  type Declaration,
  type Flag,
  flagName,
  type Flags,
  type FlagsOf,
  isRequired,
  isVariadic,
  type Positional,
} from "./declaration.ts";
import { GLOBAL_FLAGS, MUTATION_FLAGS } from "./global_flags.ts";
import type { Look } from "./style.ts";

/** What a command answers; words are made from it at the edge. */
export interface Outcome<Data> {
  /** JSON values only. Of a command that streams: an object. */
  readonly data: Data;
  /** Printed one per line with `--quiet`, instead of the text; of a command that mutates there is no text then. */
  readonly addresses?: readonly string[];
  /** Exit status, e.g. that of the program which the command ran. */
  readonly exit?: number;
  /** Printed on stderr after the data; its exit status counts unless `exit` is given. */
  readonly error?: AppError;
  /** False when a command that can stream did not: the answer is then one JSON document. */
  readonly streamed?: boolean;
  /** The command has printed its answer piece by piece, see `Io.printList`: `data` is not printed any more. */
  readonly printed?: true;
  /** False when the command was left before what it follows had ended: another call may tell more. */
  readonly final?: boolean;
}

/** An outcome of a sealed command, which still knows how to word its data. */
export interface Answer extends Outcome<unknown> {
  text(look: Look): string;
}

/** A declared command whose own types are sealed in, so that a table can hold all of them. */
export interface Command<App> extends Declaration {
  run(app: App, input: CommandInput): Promise<Answer>;
}

/** What {@linkcode defineCommand} is given. */
export type CommandDefinition<App, P extends readonly Positional[], F extends Flags, Data> =
  & Omit<Declaration, "positionals" | "flags">
  & {
    readonly positionals?: P;
    readonly flags?: F;
    /** Does the work. Throws `AppError` for what can go wrong. */
    run(app: App, input: CommandInput<ArgsOf<P>, FlagsOf<F>>): Promise<Outcome<Data>>;
    /** Words the data for people; may be empty. A final line end is added if there is none. */
    text(data: Data, look: Look): string;
  };

/** Seals a definition; see {@linkcode defineCommand}. */
export type DefineCommand<App> = <
  Data,
  const P extends readonly Positional[] = readonly [],
  const F extends Flags = Record<never, never>,
>(definition: CommandDefinition<App, P, F, Data>) => Command<App>;

/**
 * Defines a command for programs whose commands share one `App`. The input's types follow from the
 * declared positionals and flags. A declaration that cannot work (a variadic positional that is not
 * last, a name taken by a global flag, a default outside the choices) is a bug: `InvariantError`.
 *
 * @example
 * ```ts
 * import { defineCommand } from "./define_command.ts";
 * interface Shop { open(shelf: string): Promise<number> }
 * const open = defineCommand<Shop>()({
 *   summary: "Open a shelf",
 *   examples: [{ line: "shop open A1", note: "opens shelf A1" }],
 *   positionals: [{ name: "shelf", summary: "the shelf" }],
 *   run: async (shop, { args }) => ({ data: { books: await shop.open(args.shelf) } }),
 *   text: ({ books }) => `${books} books`,
 * });
 * open.summary;
 * ```
 */
export function defineCommand<App>(): DefineCommand<App> {
  return ({ run, text, positionals, flags, ...declaration }) => {
    const command: Command<App> = {
      ...declaration,
      positionals: positionals ?? [],
      flags: flags ?? {},
      async run(app, input) {
        // Sound because input was parsed by this very declaration; it is the one place where types are regained.
        const outcome = await run(app, input as Parameters<typeof run>[1]);
        // What `--quiet` shows of a change is addresses, and never words.
        const addresses = outcome.addresses ?? (declaration.mutates ? [] : undefined);
        return {
          ...outcome,
          ...(addresses === undefined ? {} : { addresses }),
          text: (look) => text(outcome.data, look),
        };
      },
    };
    checkDeclaration(command);
    return command;
  };
}

function checkDeclaration({ positionals, flags, mutates }: Declaration): void {
  let mayBeAbsent = false;
  for (const [index, positional] of positionals.entries()) {
    const { name } = positional;
    const isLast = index === positionals.length - 1;
    invariant(isLast || !isVariadic(positional), `${name}: a variadic positional stands last`);
    invariant(
      !mayBeAbsent || !isRequired(positional),
      `${name}: nothing required follows what may be absent`,
    );
    mayBeAbsent ||= !isRequired(positional);
  }
  const common: [string, Flag][] = Object.entries({ ...GLOBAL_FLAGS, ...(mutates ? MUTATION_FLAGS : {}) });
  const taken = new Set(common.flatMap(([key, flag]) => namesOf(key, flag)));
  for (const [key, flag] of Object.entries(flags)) {
    for (const name of namesOf(key, flag)) {
      invariant(!taken.has(name), `flag ${name} is declared twice`);
      taken.add(name);
    }
    invariant(
      flag.kind !== "value" || flag.default === undefined || flag.choices?.includes(flag.default) !== false,
      `the default of --${flagName(key)} is one of its choices`,
    );
  }
}

function namesOf(key: string, flag: Flag): string[] {
  return flag.short === undefined ? [`--${flagName(key)}`] : [`--${flagName(key)}`, `-${flag.short}`];
}
