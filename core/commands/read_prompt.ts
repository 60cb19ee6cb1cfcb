/**
 * Prompts as people give them.
 *
 * @module
 */
import { resolve } from "@std/path";
import { AppError } from "../error.ts";
import type { App } from "./app.ts";

const PROMPT_BYTES_MAX = 16 * 1024 * 1024;

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
    throw new AppError("invalid_value", `${given.slice(1)} is too large for a prompt`, {
      hint: "a prompt has at most 16 MiB",
    });
  }
  return decodePrompt(bytes, given.slice(1));
}

function decodePrompt(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError("invalid_value", `the prompt from ${source} is not UTF-8 text`, {
      cause: error,
      hint: "convert it to UTF-8 first",
    });
  }
}
