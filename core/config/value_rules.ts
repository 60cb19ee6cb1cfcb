/**
 * Building blocks of the key table: schemas whose messages complete the sentence "KEY: ...".
 *
 * The input side of each schema is plain data, so that a JSON Schema can be made of it; what a data
 * schema cannot say is said by a parser behind it.
 *
 * @module
 */
import * as z from "zod/mini";
import { AppError, isAppError } from "../error.ts";
import { parseDuration } from "../parse_duration.ts";
import { parseAbsolutePath } from "./parse_mount.ts";
import { parseSize } from "./parse_size.ts";

/** A schema followed by a parser: `S` in, what the parser returns out. */
export type Parsed<S extends z.ZodMiniType, O> = z.ZodMiniPipe<S, z.ZodMiniTransform<O, z.output<S>>>;

/** Puts a parser that throws `invalid_value` behind a schema; message and hint become the issue's. */
export function parsed<S extends z.ZodMiniType, O>(
  input: S,
  parse: (value: z.output<S>) => O,
): Parsed<S, O> {
  const transform = z.transform<z.output<S>, O>((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      if (!isAppError(error)) throw error;
      context.issues.push({
        code: "custom",
        message: error.message,
        params: { hint: error.hint },
        input: value,
      });
      return z.NEVER;
    }
  });
  return z.pipe(input, transform);
}

/** Text that matches; `expected` completes "must be ...". */
export function matching(pattern: RegExp, expected: string): z.ZodMiniString {
  const error = `must be ${expected}`;
  return z.string({ error }).check(z.regex(pattern, { error }));
}

/** Any text, lines included, but for NUL: no argument, variable or file name can hold it. */
export const anyText: z.ZodMiniString = z.string({ error: "must be text" }).check(
  // deno-lint-ignore no-control-regex -- NUL is the character in question
  z.regex(/^[^\u0000]*$/, { error: "must not contain NUL" }),
);

/** One line of text. */
export const line: z.ZodMiniString = z.string({ error: "must be text" }).check(
  z.regex(/^\P{Cc}*$/u, { error: "must be one line without control characters" }),
);

/** A word that is passed to a program as an argument's value: no blanks, no leading hyphen. */
export function word(expected: string): z.ZodMiniString {
  return matching(/^(?!-)[^\s\p{Cc}]+$/u, expected);
}

/** An absolute path, normalised. */
export const absolutePath: Parsed<z.ZodMiniString, string> = parsed(line, parseAbsolutePath);

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, expected: string): z.ZodMiniNumberFormat {
  const error = `must be ${expected}`;
  return z.int({ error }).check(z.gte(min, { error }), z.lte(max, { error }));
}

/** A map with exactly these keys. */
export function closed<S extends z.core.$ZodShape>(shape: S): z.ZodMiniObject<S, z.core.$strict> {
  return z.strictObject(shape, { error: `must be a map of ${Object.keys(shape).join(", ")}` });
}

type NumberOrText = z.ZodMiniUnion<[z.ZodMiniNumberFormat, z.ZodMiniString]>;

function numberOrText(expected: string): NumberOrText {
  const error = `must be ${expected}`;
  return z.union([z.int().check(z.gte(0)), z.string()], { error });
}

/** A span in whole seconds, at most `maxS`. */
export function duration(maxS: number): Parsed<NumberOrText, number> {
  return parsed(numberOrText("a number of seconds, or a duration such as 90s, 30m, 2h, 1d"), (value) => {
    const seconds = typeof value === "number" ? value : parseDuration(value);
    if (Number.isInteger(seconds) && seconds <= maxS) return seconds;
    throw new AppError("invalid_value", `must be whole seconds, at most ${maxS}`);
  });
}

/** A size in bytes. */
export const size: Parsed<NumberOrText, number> = parsed(
  numberOrText("a size in bytes, or such as 512K, 10M, 1G"),
  (value) => typeof value === "number" ? value : parseSize(value),
);
