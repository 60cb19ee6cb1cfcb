/**
 * A child process that is spoken to in lines: one JSON value a line, both ways.
 *
 * @module
 */

/** A running child. */
export interface LineProcess {
  /** Writes a line to its stdin. */
  send(value: unknown): Promise<void>;
  /** Its next line; null at the end of its stdout. */
  next(): Promise<unknown>;
  /** Sends it a signal. */
  signal(signal: Deno.Signal): void;
  /** Closes its stdin, or kills it, and waits until it is gone. */
  end(signal?: Deno.Signal): Promise<void>;
}

/** Starts a program. What it writes to stderr is seen. */
export function startLineProcess(program: string, args: readonly string[]): LineProcess {
  const child = new Deno.Command(program, { args: [...args], stdin: "piped", stdout: "piped" }).spawn();
  const orders = child.stdin.getWriter();
  const answers = readLines(child.stdout);
  return {
    send: (value) => orders.write(encodeLine(value)),
    next: async () => {
      const { value } = await answers.next();
      return value === undefined ? null : JSON.parse(value);
    },
    signal: (signal) => child.kill(signal),
    end: async (signal) => {
      if (signal !== undefined) child.kill(signal);
      await orders.close().catch(() => {});
      await answers.return(undefined);
      await child.status;
    },
  };
}

/** A line as it is sent. */
export function encodeLine(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/** The lines of a stream, without their ends. */
export async function* readLines(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}
