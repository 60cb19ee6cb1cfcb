/**
 * Prompts as people give them.
 *
 * @module
 */
import type { App } from "./app.ts";
import { readGiven } from "./read_given.ts";

const PROMPT_BYTES_MAX = 16 * 1024 * 1024;

/** A prompt: the text itself, `-` for stdin, `@FILE` for a file. UTF-8 and at most 16 MiB. */
export async function readPrompt(app: App, given: string): Promise<string> {
  return await readGiven(app, given, { what: "prompt", bytesMax: PROMPT_BYTES_MAX });
}
