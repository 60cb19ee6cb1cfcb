/**
 * Running the `podman` program: bounded in time, capped in number, its failures told apart.
 *
 * @module
 */
import { AppError, isAppError } from "../../core/error.ts";
import type { Child, CommandResult, Host } from "../../core/port/host.ts";
import { decodeText } from "./engine_text.ts";
import { isTransient, podmanFailure } from "./failure.ts";
import { Slots } from "./slots.ts";

/** How long podman may take for a call that does no heavy work. */
export const CALL_TIMEOUT_MS = 30_000;

/** podman's commands contend for its locks: more at once only makes each slower. */
const CALLS_AT_ONCE = 4;

/** Pauses before the further tries of a call that changes nothing. */
const RETRY_PAUSES_MS = [100, 200, 400];

/** What a call needs beside its arguments. */
export interface CallOptions {
  /** Variables added to podman's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default {@linkcode CALL_TIMEOUT_MS}; `Infinity` only with a signal. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A finished call. */
export interface CallResult {
  readonly code: number;
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: string;
}

/** The program `podman`, here or through a connection. */
export class PodmanClient {
  readonly #host: Pick<Host, "clock" | "processes">;
  readonly #slots = new Slots(CALLS_AT_ONCE);
  /** Name of a connection of `podman system connection`; null = the engine of this machine. */
  readonly connection: string | null;

  constructor(host: Pick<Host, "clock" | "processes">, connection: string | null) {
    this.#host = host;
    this.connection = connection;
  }

  /** The whole argv of a podman command. */
  argv(args: readonly string[]): [string, ...string[]] {
    return ["podman", ...(this.connection === null ? [] : ["--connection", this.connection]), ...args];
  }

  /**
   * Runs podman to its end, whatever its exit code. `runtime_unavailable` when it is not installed,
   * `runtime_timeout` when it takes too long; the signal's reason when aborted.
   */
  async run(args: readonly string[], options: CallOptions = {}): Promise<CallResult> {
    return await this.#slots.use(() => this.runBesides(args, options));
  }

  /** {@linkcode run} without a slot, for calls that last as long as a container. */
  async runBesides(args: readonly string[], options: CallOptions = {}): Promise<CallResult> {
    const { timeoutMs = CALL_TIMEOUT_MS, ...rest } = options;
    const bound = timeoutMs === Infinity ? {} : { timeoutMs };
    const result = await translateMissing(() =>
      this.#host.processes.run({ argv: this.argv(args), ...rest, ...bound })
    );
    const call = args[0] ?? "";
    if (result.timedOut) {
      throw new AppError("runtime_timeout", `podman ${call} did not end within ${timeoutMs / 1000} s`, {
        hint: "see whether `podman ps` answers; another podman command may hold its lock",
      });
    }
    return { code: exitCodeOf(call, result), stdout: result.stdout, stderr: decodeText(result.stderr) };
  }

  /** Runs podman and fails with what it says unless it succeeds; its output as text. */
  async succeed(args: readonly string[], options: CallOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw podmanFailure(args[0] ?? "", stderr);
    return decodeText(stdout);
  }

  /** {@linkcode run} for calls that change nothing: tried again while another podman holds a lock. */
  async query(args: readonly string[], options: CallOptions = {}): Promise<CallResult> {
    for (const pauseMs of RETRY_PAUSES_MS) {
      const result = await this.run(args, options);
      if (result.code === 0 || !isTransient(result.stderr)) return result;
      await this.#host.clock.sleep(pauseMs, options.signal);
    }
    return await this.run(args, options);
  }

  /** {@linkcode query} that must succeed; its output as text. */
  async ask(args: readonly string[], options: CallOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.query(args, options);
    if (code !== 0) throw podmanFailure(args[0] ?? "", stderr);
    return decodeText(stdout);
  }

  /** Starts podman and leaves its output to the caller. `runtime_unavailable` when it is not installed. */
  async spawn(
    args: readonly string[],
    options: {
      readonly env?: Readonly<Record<string, string>>;
      readonly cwd?: string;
      readonly stdin?: "null" | "inherit" | Uint8Array;
    } = {},
  ): Promise<Child> {
    return await translateMissing(async () => {
      await Promise.resolve();
      return this.#host.processes.spawn({ argv: this.argv(args), ...options });
    });
  }
}

async function translateMissing<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!isAppError(error, "command_failed") || error.details.missing !== true) throw error;
    throw new AppError("runtime_unavailable", "podman is not installed", {
      cause: error,
      hint: "install podman 4.3 or newer, or choose another runtime with run.runtime",
    });
  }
}

function exitCodeOf(call: string, { code, signal }: CommandResult): number {
  if (code !== null) return code;
  throw new AppError("runtime_failed", `podman ${call} was ended by ${signal ?? "a signal"}`);
}
