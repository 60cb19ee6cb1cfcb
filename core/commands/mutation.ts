/**
 * Declares a command that changes something: with `--dry-run`, and with `--idempotency-key` done only once.
 *
 * @module
 */
import type { ArgsOf, CommandInput, Declaration, Flags, FlagsOf, Positional } from "../cli/declaration.ts";
import type { Command, Outcome } from "../cli/define_command.ts";
import type { Look } from "../cli/style.ts";
import type { MutationOptions } from "../engine/operation.ts";
import { type App, command } from "./app.ts";
import { runOnce } from "./run_once.ts";

/** What a changing command is run with. */
export interface MutationInput<Args, FlagValues, Given> extends CommandInput<Args, FlagValues> {
  /** How its operation is to be done; handed on to the verb. */
  readonly options: MutationOptions;
  /** What {@linkcode MutationDefinition.given} has read. */
  readonly given: Given;
}

/** What {@linkcode mutation} is given. */
export type MutationDefinition<P extends readonly Positional[], F extends Flags, Given, Data> =
  & Omit<Declaration, "positionals" | "flags" | "mutates">
  & {
    readonly positionals?: P;
    readonly flags?: F;
    /**
     * Reads what is part of the request but stands elsewhere: in stdin, in files. JSON values: the same
     * idempotency key goes with the same content only.
     */
    given?(app: App, input: CommandInput<ArgsOf<P>, FlagsOf<F>>): Promise<Given>;
    /** Does the work. Throws `AppError` for what can go wrong. */
    run(app: App, input: MutationInput<ArgsOf<P>, FlagsOf<F>, Given>): Promise<Outcome<Data>>;
    /** Words the data for people; may be empty. */
    text(data: Data, look: Look): string;
  };

/** Declares one of carrel's commands that change something. */
export function mutation<
  Data extends object,
  const P extends readonly Positional[] = readonly [],
  const F extends Flags = Record<never, never>,
  Given = undefined,
>({ given: read, run, ...definition }: MutationDefinition<P, F, Given, Data>): Command<App> {
  return command<Data, P, F>({
    ...definition,
    mutates: true,
    run: async (app, input) => {
      // Sound: without a reader the type of what is given is its default, undefined.
      const given = await read?.(app, input) as Given;
      return await runOnce(app, input, given, (options) => run(app, { ...input, given, options }));
    },
  });
}
