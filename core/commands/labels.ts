/**
 * Labels as people type them.
 *
 * @module
 */
import { AppError } from "../error.ts";

const LABEL_KEY = /^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/;

/** Parses `KEY=VALUE` words; a later one wins. `invalid_value` for a malformed one. */
export function parseLabels(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => {
    const { key, value } = parseLabel(word);
    if (value === null) {
      throw new AppError("invalid_value", `the label ${JSON.stringify(word)} has no value`, {
        hint: `write --label ${key}=VALUE`,
      });
    }
    return [key, value];
  }));
}

/** Parses `KEY` or `KEY=VALUE`, as a filter. */
export function parseLabel(word: string): { key: string; value: string | null } {
  const at = word.indexOf("=");
  const key = at < 0 ? word : word.slice(0, at);
  if (!LABEL_KEY.test(key)) {
    throw new AppError("invalid_value", `${JSON.stringify(key)} is not a label key`, {
      hint:
        "a key has letters, digits, dots, dashes, underscores and slashes, and begins and ends with a letter or digit",
    });
  }
  return { key, value: at < 0 ? null : word.slice(at + 1) };
}
