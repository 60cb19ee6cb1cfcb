/**
 * Lines and whole texts out of chunks.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { Input } from "../port/terminal.ts";
import { joinBytes } from "./to_bytes.ts";

const LINE_FEED = 0x0a;

/** An {@linkcode Input} over a source of chunks; `null` is the end. */
export function newBufferedInput(
  source: { readonly isTerminal: boolean; read(): Promise<Uint8Array | null> },
): Input {
  let buffer = new Uint8Array(0);
  let ended = false;

  const fill = async () => {
    const chunk = await source.read();
    if (chunk === null) ended = true;
    else buffer = joinBytes(buffer, chunk);
  };
  const take = (count: number) => {
    const taken = buffer.slice(0, count);
    buffer = buffer.slice(count);
    return taken;
  };

  return {
    isTerminal: source.isTerminal,
    readAll: async (maxBytes) => {
      while (!ended && buffer.length <= maxBytes) await fill();
      if (buffer.length > maxBytes) {
        throw new AppError("invalid_value", `standard input is longer than ${maxBytes} bytes`, {
          hint: "give less at once",
        });
      }
      return take(buffer.length);
    },
    readLine: async () => {
      let end = buffer.indexOf(LINE_FEED);
      while (!ended && end < 0) {
        await fill();
        end = buffer.indexOf(LINE_FEED);
      }
      if (end < 0 && buffer.length === 0) return null;
      const line = take(end < 0 ? buffer.length : end + 1);
      return new TextDecoder().decode(line).replace(/\r?\n$/, "");
    },
  };
}
