/**
 * A terminal in memory: input given beforehand, output kept.
 *
 * @module
 */
import { BrokenPipe, type Output, type Terminal, type TerminalSignal } from "../port/terminal.ts";
import { newBufferedInput } from "./buffered_input.ts";
import { toBytes } from "./to_bytes.ts";

/** Options of {@linkcode newMemoryTerminal}. */
export interface MemoryTerminalOptions {
  /** Everything that stdin will ever say. Default: nothing. */
  readonly stdin?: string | Uint8Array;
  /** Whether all three streams are a terminal. Default false. */
  readonly isTerminal?: boolean;
  /** Width of a terminal. Default 80. */
  readonly columns?: number;
}

/** A {@linkcode Terminal} that tests look into. */
export interface MemoryTerminal extends Terminal {
  stdoutText(): string;
  stderrText(): string;
  stdoutBytes(): Uint8Array<ArrayBuffer>;
  stderrBytes(): Uint8Array<ArrayBuffer>;
  /** Delivers a signal; false when nobody listens (a real process would die of it). */
  raise(signal: TerminalSignal): boolean;
  /** The reader of stdout goes away: from now on writing fails with {@linkcode BrokenPipe}. */
  closeStdout(): void;
}

/**
 * A new terminal in memory.
 *
 * @example
 * ```ts
 * import { newMemoryTerminal } from "./memory_terminal.ts";
 * import { assertEquals } from "@std/assert";
 * const terminal = newMemoryTerminal({ stdin: "yes\n" });
 * await terminal.stdout.write(`you said ${await terminal.stdin.readLine()}`);
 * assertEquals(terminal.stdoutText(), "you said yes");
 * ```
 */
export function newMemoryTerminal(options: MemoryTerminalOptions = {}): MemoryTerminal {
  const isTerminal = options.isTerminal ?? false;
  const columns = isTerminal ? options.columns ?? 80 : null;
  const listeners = new Map<TerminalSignal, Set<() => void>>();
  const stdout = newCapture();
  const stderr = newCapture();
  const pending = [toBytes(options.stdin ?? "")];

  const output = (capture: Capture): Output => ({
    isTerminal,
    columns,
    write: async (data) => {
      await Promise.resolve();
      capture.write(toBytes(data));
    },
  });
  return {
    stdin: newBufferedInput({ isTerminal, read: () => Promise.resolve(pending.shift() ?? null) }),
    stdout: output(stdout),
    stderr: output(stderr),
    onSignal: (signal, listener) => {
      const all = listeners.get(signal) ?? new Set();
      listeners.set(signal, all.add(listener));
      return () => void all.delete(listener);
    },
    stdoutText: () => new TextDecoder().decode(stdout.bytes()),
    stderrText: () => new TextDecoder().decode(stderr.bytes()),
    stdoutBytes: () => stdout.bytes(),
    stderrBytes: () => stderr.bytes(),
    raise: (signal) => {
      const heard = [...listeners.get(signal) ?? []];
      for (const listener of heard) listener();
      return heard.length > 0;
    },
    closeStdout: () => stdout.close(),
  };
}

interface Capture {
  write(bytes: Uint8Array): void;
  bytes(): Uint8Array<ArrayBuffer>;
  close(): void;
}

function newCapture(): Capture {
  const written: number[] = [];
  let closed = false;
  return {
    write: (bytes) => {
      if (closed) throw new BrokenPipe("the reader has gone away");
      for (const byte of bytes) written.push(byte);
    },
    bytes: () => Uint8Array.from(written),
    close: () => closed = true,
  };
}
