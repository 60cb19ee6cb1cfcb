/**
 * Scripted processes: what a program does is a function that the test gives.
 *
 * @module
 */
import type { Child, Clock, CommandResult, CommandSpec, ExitStatus, Processes } from "../port/host.ts";
import type { ProcessIdentity, ProcessSignal } from "../port/host.ts";
import { programMissing } from "./program_missing.ts";
import { toBytes } from "./to_bytes.ts";

/** A command as a handler sees it. */
export interface ScriptedCommand extends CommandSpec {
  /** Which method of {@linkcode Processes} was called. */
  readonly how: "run" | "spawn" | "attach" | "detach";
  /** The bytes given as input; empty when there are none, or they are still to come. */
  readonly stdin: Uint8Array;
  /** The id of its process. */
  readonly pid: number;
}

/** What a scripted command does; everything left out is nothing or zero. */
export interface ScriptedResult {
  /** What it writes to stdout. */
  readonly stdout?: Uint8Array | string;
  /** What it writes to stderr. */
  readonly stderr?: Uint8Array | string;
  /** The status that it exits with. */
  readonly code?: number;
  /** The name of the signal that ended it; then there is no code. */
  readonly signal?: string;
  /** It lives this long, in virtual time. `detach` without it lives until killed. */
  readonly durationMs?: number;
}

/**
 * Plays a command; undefined = not mine, ask the next handler. One whose input comes later is played when the
 * input is there.
 */
export type CommandHandler = (
  command: ScriptedCommand,
) => ScriptedResult | Promise<ScriptedResult> | undefined;

/** The twin of the real {@linkcode Processes}, with hands for tests. */
export interface MemoryProcesses extends Processes {
  /** Adds a handler; handlers are asked in the order in which they came. */
  onCommand(handler: CommandHandler): void;
  /** Every command so far, oldest first. */
  readonly commands: readonly ScriptedCommand[];
  /** The process that stands for this program; {@linkcode MemoryProcesses.end} makes it one that has died. */
  readonly self: ProcessIdentity;
  /** Every signal sent so far, oldest first. */
  readonly signals: readonly { readonly pid: number; readonly signal: ProcessSignal }[];
  /** Starts a process that nobody asked for; it lives until it is killed. */
  start(): ProcessIdentity;
  /** Makes a process end as if by itself. */
  end(pid: number): void;
}

interface LivingProcess {
  readonly identity: ProcessIdentity;
  readonly killed: (signal: ProcessSignal) => void;
}

const FIRST_PID = 1000;
const TICKS_PER_PROCESS = 100;

/** New processes, none running. */
export function newMemoryProcesses(clock: Clock): MemoryProcesses {
  const handlers: CommandHandler[] = [];
  const commands: ScriptedCommand[] = [];
  const signals: { pid: number; signal: ProcessSignal }[] = [];
  const living = new Map<number, LivingProcess>();
  const self = { pid: FIRST_PID, startTicks: 1 };
  living.set(self.pid, { identity: self, killed: () => {} });
  let born = 0;

  function bear(killed: (signal: ProcessSignal) => void): ProcessIdentity {
    born += 1;
    const identity = { pid: FIRST_PID + born, startTicks: born * TICKS_PER_PROCESS };
    living.set(identity.pid, { identity, killed });
    return identity;
  }

  /** Asks the handlers; throws `command_failed` when none knows the program. */
  function resultOf(command: ScriptedCommand): ScriptedResult | Promise<ScriptedResult> {
    for (const handler of handlers) {
      const result = handler(command);
      if (result !== undefined) return result;
    }
    living.delete(command.pid);
    throw programMissing(command.argv[0]);
  }

  /** Starts the command; throws `command_failed` when no handler knows the program. */
  function play(
    how: ScriptedCommand["how"],
    spec: CommandSpec,
    stdin: Uint8Array | string | Promise<Uint8Array> = "",
  ): Playing {
    const death = Promise.withResolvers<ProcessSignal>();
    const identity = bear(death.resolve);
    const isLater = stdin instanceof Promise;
    const command = { ...spec, how, stdin: toBytes(isLater ? "" : stdin), pid: identity.pid };
    commands.push(command);
    const outcome = isLater
      ? stdin.catch(() => toBytes("")).then((bytes) => resultOf({ ...command, stdin: bytes }))
      : Promise.resolve(resultOf(command));
    return { identity, outcome, death: death.promise };
  }

  /** The end of a command: by itself or by a signal, whichever comes first. */
  async function ended({ identity, outcome, death }: Playing): Promise<ExitStatus> {
    const giveUp = new AbortController();
    const naturalEnd = async (): Promise<ExitStatus> => {
      const { durationMs, signal, code } = await outcome;
      if (durationMs !== undefined) await clock.sleep(durationMs, giveUp.signal);
      return signal === undefined ? { code: code ?? 0, signal: null } : { code: null, signal };
    };
    try {
      return await Promise.race([
        naturalEnd(),
        death.then((signal): ExitStatus => ({ code: null, signal })),
      ]);
    } finally {
      giveUp.abort();
      living.delete(identity.pid);
    }
  }

  function kill(pid: number, signal: ProcessSignal): boolean {
    const target = living.get(Math.abs(pid));
    if (target === undefined) return false;
    signals.push({ pid, signal });
    living.delete(target.identity.pid);
    target.killed(signal);
    return true;
  }

  return {
    self,
    commands,
    signals,
    onCommand: (handler) => void handlers.push(handler),
    start: () => bear(() => {}),
    end: (pid) => void living.delete(pid),

    run: async (spec): Promise<CommandResult> => {
      spec.signal?.throwIfAborted();
      const playing = play("run", spec, spec.stdin);
      const { pid } = playing.identity;
      const abort = () => void kill(pid, "SIGTERM");
      spec.signal?.addEventListener("abort", abort, { once: true });
      const finished = new AbortController();
      let timedOut = false;
      const limit = async (timeoutMs: number) => {
        await clock.sleep(timeoutMs, finished.signal);
        timedOut = kill(pid, "SIGTERM");
      };
      if (spec.timeoutMs !== undefined) limit(spec.timeoutMs).catch(() => {});
      try {
        const status = await ended(playing);
        spec.signal?.throwIfAborted();
        const { stdout, stderr } = await playing.outcome;
        return { ...status, stdout: toBytes(stdout ?? ""), stderr: toBytes(stderr ?? ""), timedOut };
      } finally {
        finished.abort();
        spec.signal?.removeEventListener("abort", abort);
      }
    },

    spawn: (spec): Child => {
      const { stdin = "" } = spec;
      const playing = play("spawn", spec, typeof stdin === "string" ? "" : stdin);
      const fed = Promise.resolve(stdin).then(() => {}, () => {});
      const { pid } = playing.identity;
      return {
        pid,
        stdout: streamOf(playing.outcome.then((result) => result.stdout ?? "")),
        stderr: streamOf(playing.outcome.then((result) => result.stderr ?? "")),
        fed,
        status: ended(playing),
        kill: (signal) => void kill(pid, signal),
      };
    },

    attach: async (spec, onStart) => {
      const playing = play("attach", spec);
      const { pid } = playing.identity;
      onStart?.({ pid, kill: (signal) => void kill(pid, signal) });
      return await ended(playing);
    },

    detach: async (spec): Promise<ProcessIdentity> => {
      await Promise.resolve();
      const playing = play("detach", spec);
      const livesOn = playing.outcome.then((result) => result.durationMs === undefined);
      if (!await livesOn) ended(playing).catch(() => {});
      return playing.identity;
    },

    identify: async (pid) => {
      await Promise.resolve();
      return living.get(pid)?.identity ?? null;
    },

    kill,
  };
}

/** A command that was started and has not been seen to end. */
interface Playing {
  readonly identity: ProcessIdentity;
  readonly outcome: Promise<ScriptedResult>;
  readonly death: Promise<ProcessSignal>;
}

function streamOf(content: Promise<Uint8Array | string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async start(controller) {
      const bytes = toBytes(await content);
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
