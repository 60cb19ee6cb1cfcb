/**
 * What a runtime must bring to stand before the laws of `runtime_suite.ts`: a bench on which the same
 * commands can be tried on every one of them.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError, type ErrorCode } from "../../core/error.ts";
import type { ContainerSpec, ContainerStatus, LogStream, Runtime } from "../../core/port/runtime.ts";

/** What a runtime can do; laws that need more are reported as ignored. */
export interface Supports {
  /** Commands really run. False where everything is scripted. */
  readonly commands: boolean;
  /** It has images, and may lack one. */
  readonly images: boolean;
  /** It tells a death by signal from an exit code above 128. */
  readonly signals: boolean;
  /** It tells that its own time limit ended a container; else the reason is `unknown`. */
  readonly timeoutReason: boolean;
}

/** A command that a container can `exec`, with what it does. */
export interface ExecBehaviour {
  readonly argv: readonly [string, ...string[]];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a container shall do once started: output and files first, then time passes, then it ends. */
export interface Behaviour {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Default 0: ends at once. */
  readonly durationMs?: number;
  /** Written into the workspace; paths relative to it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly ignoreTerm?: boolean;
  /** Commands that will be run inside. Real runtimes run the argv itself and ignore the rest. */
  readonly exec?: readonly ExecBehaviour[];
}

/** A runtime with everything that the laws need around it. Disposing removes every container and file. */
export interface Bench extends AsyncDisposable {
  readonly runtime: Runtime;
  /** The same engine, seen from another root. */
  readonly otherRoot: Runtime;
  /**
   * A spec that can be created: fresh name, an image where there are images (never pulled), no entrypoint,
   * no network where the runtime knows networks, `/workspace` as workdir and mount, `/home/dev/.terok` as mount, a log path.
   */
  newSpec(overrides?: Partial<ContainerSpec>): ContainerSpec;
  /** The spec, changed so that its container behaves like this. */
  behave(spec: ContainerSpec, behaviour: Behaviour): ContainerSpec;
  /** Writes a file into the workspace from outside, readable by everyone. */
  writeWorkspace(path: string, text: string): Promise<void>;
  /** Reads a file of the workspace from outside. */
  readWorkspace(path: string): Promise<string>;
}

/** Registers one law: its words, what it needs of a runtime, and the proof. */
export type Law = (words: string, needs: Partial<Supports>, holds: (bench: Bench) => Promise<void>) => void;

/** Longer than any test: a container that only ends when it is ended. */
export const LONG_MS = 120_000;

/** How long any single law may take before it counts as hanging; never reached by a sound runtime. */
const SAFETY_MS = 60_000;

/** Aborts a call that hangs, so that a broken law fails instead of blocking the run. */
export function safety(): AbortSignal {
  return AbortSignal.timeout(SAFETY_MS);
}

/** A POSIX sh command line that does what the behaviour says. TERM ends it unless it is to be ignored. */
export function shellCommand(behaviour: Behaviour): string[] {
  const { durationMs = 0, exitCode = 0, files = {} } = behaviour;
  const script = [
    // As pid 1 of a container a shell without a trap would never see TERM.
    behaviour.ignoreTerm ? "trap '' TERM" : "trap 'exit 143' TERM",
    ...Object.entries(files).map(([path, text]) => `printf ${escapes(text)} > '${path}'`),
    `printf ${escapes(behaviour.stdout ?? "")}`,
    `printf ${escapes(behaviour.stderr ?? "")} >&2`,
    ...(durationMs > 0 ? [`sleep ${durationMs / 1000} & wait $!`] : []),
    `exit ${exitCode}`,
  ];
  return ["sh", "-c", script.join("\n")];
}

/** The text as a format for `printf`: every byte as an octal escape. */
function escapes(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return `'${bytes.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}'`;
}

/** Both output streams of a container, whole. */
export async function readOutput(
  runtime: Runtime,
  name: string,
  options: { follow: boolean },
): Promise<Record<LogStream, Uint8Array>> {
  const parts: Record<LogStream, number[]> = { stdout: [], stderr: [] };
  for await (const chunk of runtime.logs(name, { ...options, signal: safety() })) {
    for (const byte of chunk.data) parts[chunk.stream].push(byte);
  }
  return { stdout: new Uint8Array(parts.stdout), stderr: new Uint8Array(parts.stderr) };
}

/** Both output streams as text. */
export async function readOutputText(runtime: Runtime, name: string): Promise<Record<LogStream, string>> {
  const { stdout, stderr } = await readOutput(runtime, name, { follow: true });
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Resolves when the container has said `text` on stdout; false when it ended without. */
export async function untilOutput(runtime: Runtime, name: string, text: string): Promise<boolean> {
  const decoder = new TextDecoder();
  let seen = "";
  for await (const chunk of runtime.logs(name, { follow: true, signal: safety() })) {
    if (chunk.stream === "stdout") seen += decoder.decode(chunk.data, { stream: true });
    if (seen.includes(text)) return true;
  }
  return false;
}

/** Creates and starts a container that behaves like this; its name. */
export async function started(
  bench: Bench,
  behaviour: Behaviour,
  overrides?: Partial<ContainerSpec>,
): Promise<string> {
  const spec = bench.behave(bench.newSpec(overrides), behaviour);
  await bench.runtime.create(spec);
  await bench.runtime.start(spec.name);
  return spec.name;
}

/** Creates and starts a container that runs this command; its name. */
export async function startedCommand(
  bench: Bench,
  command: readonly string[],
  overrides: Partial<ContainerSpec> = {},
): Promise<string> {
  const spec = bench.newSpec({ ...overrides, command });
  await bench.runtime.create(spec);
  await bench.runtime.start(spec.name);
  return spec.name;
}

/** The status of a container that must be there. */
export async function statusOf(runtime: Runtime, name: string): Promise<ContainerStatus> {
  const status = (await runtime.states({ names: [name] })).get(name);
  assert(status !== undefined, `${name} is not there`);
  return status;
}

/** The call must fail with this code; its error. */
export async function assertCode(code: ErrorCode, call: () => Promise<unknown>): Promise<AppError> {
  const error = await assertRejects(call, AppError);
  assertEquals(error.code, code, error.message);
  return error;
}
