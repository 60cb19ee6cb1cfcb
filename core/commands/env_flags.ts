/**
 * `--env` and prompts as people type them.
 *
 * @module
 */
import { resolve } from "@std/path";
import { AppError } from "../error.ts";
import type { App } from "./app.ts";

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PROMPT_BYTES_MAX = 16 * 1024 * 1024;

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

/** A prompt: the text itself, `-` for stdin, `@FILE` for a file. UTF-8 and at most 16 MiB. */
export async function readPrompt(app: App, given: string): Promise<string> {
  if (given === "-") return decodePrompt(await app.io.readStdin(PROMPT_BYTES_MAX), "stdin");
  if (!given.startsWith("@")) return given;
  const path = resolve(app.host.system.cwd, given.slice(1));
  const bytes = await app.host.files.read(path, { maxBytes: PROMPT_BYTES_MAX + 1 }).catch((error) => {
    throw new AppError("invalid_value", `cannot read the prompt from ${given.slice(1)}`, {
      cause: error,
      hint: "give the text itself, - for stdin, or @FILE",
    });
  });
  if (bytes.length > PROMPT_BYTES_MAX) {
    throw new AppError("invalid_value", `${given.slice(1)} is too large for a prompt`);
  }
  return decodePrompt(bytes, given.slice(1));
}

function decodePrompt(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError("invalid_value", `the prompt from ${source} is not UTF-8 text`, { cause: error });
  }
}
