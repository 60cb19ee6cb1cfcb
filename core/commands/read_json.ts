/**
 * JSON objects as people give them.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { objectOf } from "../query/operations.ts";
import { dumpsJsonDict } from "../state/json_dialect.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { App } from "./app.ts";
import { readGiven } from "./read_given.ts";

const JSON_BYTES_MAX = 1024 * 1024;

/** A JSON object, and the very text of it. */
export interface GivenJson {
  readonly text: string;
  readonly object: Readonly<Record<string, JsonValue>>;
}

/**
 * A JSON object: the text itself, `-` for stdin, `@FILE` for a file. At most 1 MiB and 1000 levels deep; `what`
 * is the word for it in messages. `invalid_value` for anything else.
 */
export async function readJson(app: App, given: string, what: string): Promise<GivenJson> {
  const text = (await readGiven(app, given, { what, bytesMax: JSON_BYTES_MAX })).trim();
  const value = parse(text, what);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(what);
  // What cannot be kept, such as numbers that JSON has no digits for, is refused by those who keep it.
  dumpsJsonDict(value, { allowNan: false });
  return { text, object: objectOf(value) };
}

function parse(text: string, what: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw notAnObject(what, cause);
    throw cause;
  }
}

function notAnObject(what: string, cause?: SyntaxError): AppError {
  return new AppError("invalid_value", `the ${what} is not a JSON object`, {
    hint: `give {"key": "value"}, - for stdin, or @FILE`,
    ...(cause === undefined ? {} : { cause }),
  });
}
