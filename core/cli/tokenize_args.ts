/**
 * Splits argv into flags and words, with the rules of `parseArgs` in `node:util`, which the tests hold
 * equal. It is not imported because every start would pay for it (`docs/decisions`).
 *
 * @module
 */

/** A piece of argv. `index` is the place of the argument that it began in. */
export type Token =
  | {
    readonly kind: "flag";
    readonly index: number;
    /** As typed: `--name` or `-n`. */
    readonly raw: string;
    /** The value after `=`, in the same argument as a short flag, or in the next one if the flag takes one. */
    readonly value: string | undefined;
    /** Whether the value stood in the same argument. */
    readonly inline: boolean;
  }
  | { readonly kind: "word"; readonly index: number; readonly value: string; readonly afterEnd: boolean };

/**
 * Yields the tokens of `args`. `takesValue` says of a flag as typed (`--name`, `-n`) whether it takes
 * a value; unknown flags take none. Everything after `--` is a word.
 *
 * @example
 * ```ts
 * import { tokenizeArgs } from "./tokenize_args.ts";
 * import { assertEquals } from "@std/assert";
 * const tokens = [...tokenizeArgs(["list", "-n", "3"], (raw) => raw === "-n")];
 * assertEquals(tokens.map((token) => token.value), ["list", "3"]);
 * ```
 */
export function* tokenizeArgs(
  args: readonly string[],
  takesValue: (raw: string) => boolean,
): Generator<Token, void, undefined> {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      for (const [offset, value] of args.slice(index + 1).entries()) {
        yield { kind: "word", index: index + 1 + offset, value, afterEnd: true };
      }
      return;
    }
    if (arg === "-" || !arg.startsWith("-")) {
      yield { kind: "word", index, value: arg, afterEnd: false };
      continue;
    }
    const flags = arg.startsWith("--") ? [splitLong(arg)] : splitShorts(arg, takesValue);
    const start = index;
    for (const { raw, value } of flags) {
      if (value !== undefined) yield { kind: "flag", index: start, raw, value, inline: true };
      else if (takesValue(raw)) {
        yield { kind: "flag", index: start, raw, value: args[++index], inline: false };
      } else yield { kind: "flag", index: start, raw, value: undefined, inline: false };
    }
  }
}

interface RawFlag {
  readonly raw: string;
  readonly value: string | undefined;
}

function splitLong(arg: string): RawFlag {
  const equals = arg.indexOf("=", 3);
  return equals < 0
    ? { raw: arg, value: undefined }
    : { raw: arg.slice(0, equals), value: arg.slice(equals + 1) };
}

/** `-abn3`: letters up to the first one that takes a value, which takes the remainder. */
function splitShorts(arg: string, takesValue: (raw: string) => boolean): RawFlag[] {
  const flags: RawFlag[] = [];
  for (let at = 1; at < arg.length; at++) {
    const raw = `-${arg[at]}`;
    const remainder = arg.slice(at + 1);
    if (takesValue(raw) && remainder !== "") return [...flags, { raw, value: remainder }];
    flags.push({ raw, value: undefined });
  }
  return flags;
}
