/**
 * Standard streams and signals of this process.
 *
 * @module
 */
import { BrokenPipe, type Output, type Terminal } from "../port/terminal.ts";
import { newBufferedInput } from "./buffered_input.ts";
import { fromOsError } from "./from_os_error.ts";

const CHUNK_BYTES = 64 * 1024;
const NOT_NOW_PAUSE_MS = 5;

/** The real {@linkcode Terminal}. */
export function newDenoTerminal(): Terminal {
  return {
    stdin: newBufferedInput({ isTerminal: Deno.stdin.isTerminal(), read: readChunk }),
    stdout: newOutput(Deno.stdout),
    stderr: newOutput(Deno.stderr),
    onSignal: (signal, listener) => {
      Deno.addSignalListener(signal, listener);
      return () => Deno.removeSignalListener(signal, listener);
    },
  };
}

async function readChunk(): Promise<Uint8Array | null> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  const count = await patiently("read the input", () => Deno.stdin.read(chunk));
  return count === null ? null : chunk.subarray(0, count);
}

function newOutput(stream: typeof Deno.stdout): Output {
  // Several may write without waiting for each other; a long text must not be torn apart.
  let last: Promise<void> = Promise.resolve();
  return {
    isTerminal: stream.isTerminal(),
    get columns() {
      return stream.isTerminal() ? findColumns() : null;
    },
    write: (data) => {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      const write = last.catch(() => {}).then(() => writeAll(stream, bytes));
      last = write;
      return write;
    },
  };
}

async function writeAll(stream: typeof Deno.stdout, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const rest = bytes.subarray(written);
    written += await patiently("write the output", () => stream.write(rest));
  }
}

/** A stream shared with a program that made it non-blocking answers "not now": then it is asked again. */
async function patiently<Result>(action: string, call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw new BrokenPipe("the reader has gone away");
      if (!(error instanceof Deno.errors.WouldBlock)) throw fromOsError(error, action);
      await new Promise((resolve) => setTimeout(resolve, NOT_NOW_PAUSE_MS));
    }
  }
}

/** `COLUMNS`, else the size of the terminal; null when neither is known. */
function findColumns(): number | null {
  const fromEnv = Number(Deno.env.get("COLUMNS"));
  if (Number.isInteger(fromEnv) && fromEnv > 0) return fromEnv;
  try {
    return Deno.consoleSize().columns;
  } catch {
    return null;
  }
}
