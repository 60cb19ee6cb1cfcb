/**
 * The person or program at the other end: standard streams and signals.
 *
 * @module
 */

/** Signals a command may listen to. */
export type TerminalSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** One output stream. */
export interface Output {
  /** Whether somebody looks at it. */
  readonly isTerminal: boolean;
  /** Cells per line when it is a terminal, else null. */
  readonly columns: number | null;
  /** Writes all of it. Throws {@linkcode BrokenPipe} when the reader is gone. */
  write(data: Uint8Array | string): Promise<void>;
}

/** Standard input. */
export interface Input {
  /** Whether somebody types it. */
  readonly isTerminal: boolean;
  /** Reads to the end; fails with `invalid_value` beyond `maxBytes`. */
  readAll(maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads one line without its line end; null at the end of input. */
  readLine(): Promise<string | null>;
}

/** Streams and signals of this process. */
export interface Terminal {
  /** Standard input. */
  readonly stdin: Input;
  /** Standard output: data. */
  readonly stdout: Output;
  /** Standard error: words about it. */
  readonly stderr: Output;
  /** Calls `listener` for each such signal until the returned function is called. */
  onSignal(signal: TerminalSignal, listener: () => void): () => void;
}

/** The reader of an output stream has gone away: not an error of carrel's. */
export class BrokenPipe extends Error {
  /** The name of the class. */
  override readonly name: string = "BrokenPipe";
}
