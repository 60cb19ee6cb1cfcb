/**
 * Texts as people give them: in place, from stdin, from a file.
 *
 * @module
 */
import { resolve } from "@std/path";
import { AppError } from "../error.ts";
import type { App } from "./app.ts";

/** What is read. */
export interface GivenText {
  /** A word for it in messages, such as `prompt`. */
  readonly what: string;
  /** In bytes, a whole number of MiB. */
  readonly bytesMax: number;
}

const MIB = 1024 * 1024;

/** The text itself, `-` for stdin, `@FILE` for a file. UTF-8; `invalid_value` for anything else. */
export async function readGiven(app: App, given: string, { what, bytesMax }: GivenText): Promise<string> {
  if (given === "-") return decodeText(await app.io.readStdin(bytesMax), what, "stdin");
  if (!given.startsWith("@")) return given;
  const path = resolve(app.host.system.cwd, given.slice(1));
  const bytes = await app.host.files.read(path, { maxBytes: bytesMax + 1 }).catch((error) => {
    throw new AppError("invalid_value", `cannot read the ${what} from ${given.slice(1)}`, {
      cause: error,
      hint: "give the text itself, - for stdin, or @FILE",
    });
  });
  if (bytes.length > bytesMax) {
    throw new AppError("invalid_value", `${given.slice(1)} is too large for a ${what}`, {
      hint: `a ${what} has at most ${bytesMax / MIB} MiB`,
    });
  }
  return decodeText(bytes, what, given.slice(1));
}

function decodeText(bytes: Uint8Array, what: string, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError("invalid_value", `the ${what} from ${source} is not UTF-8 text`, {
      cause: error,
      hint: "convert it to UTF-8 first",
    });
  }
}
