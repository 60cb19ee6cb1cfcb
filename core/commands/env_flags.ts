/**
 * `--env` as people type it.
 *
 * @module
 */
import { AppError } from "../error.ts";

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Parses `NAME=VALUE` and `NAME` (null: the value in carrel's environment). */
export function parseEnvFlags(words: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(words.map((word) => {
    const at = word.indexOf("=");
    const name = at < 0 ? word : word.slice(0, at);
    if (!ENV_NAME.test(name)) {
      throw new AppError("invalid_value", `${JSON.stringify(name)} is not a name of a variable`, {
        hint: "write --env NAME=VALUE, or --env NAME to pass on carrel's own value",
      });
    }
    return [name, at < 0 ? null : word.slice(at + 1)];
  }));
}
