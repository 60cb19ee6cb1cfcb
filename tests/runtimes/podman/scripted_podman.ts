/**
 * The runtime `podman` on a machine in memory whose `podman` is a function of the test.
 *
 * @module
 */
import { type MemoryHost, type MemoryHostOptions, newMemoryHost } from "../../../core/host/memory_host.ts";
import type { ScriptedCommand, ScriptedResult } from "../../../core/host/memory_processes.ts";
import type { RuntimeContext } from "../../../core/port/plugin.ts";
import { PodmanRuntime } from "../../../runtimes/podman/podman_runtime.ts";

/** The root of carrel in these tests. */
export const ROOT = "/srv";

/** A scripted engine and the runtime in front of it. */
export interface ScriptedPodman {
  readonly host: MemoryHost;
  readonly context: RuntimeContext;
  readonly runtime: PodmanRuntime;
  /** Arguments of every podman call so far, without the program. */
  calls(): string[][];
}

/** What podman answers, by its first argument; what is missing fails as podman does. */
export type Answers = Readonly<
  Record<string, (args: string[], command: ScriptedCommand) => ScriptedResult | Promise<ScriptedResult>>
>;

/** A machine whose podman gives these answers; every other program succeeds without a word. */
export function scriptedPodman(
  answers: Answers,
  options: MemoryHostOptions & { readonly settings?: Readonly<Record<string, unknown>> } = {},
): ScriptedPodman {
  const { settings = {}, ...hostOptions } = options;
  const host = newMemoryHost({ files: { "/srv/keep": "" }, system: { uid: 0, gid: 0 }, ...hostOptions });
  host.processes.onCommand((command) => {
    const [program, ...args] = command.argv;
    if (program !== "podman") return {};
    const verb = args[0] === "--connection" ? args[2] : args[0];
    const answer = answers[verb ?? ""];
    return answer?.(args, command) ?? { code: 125, stderr: `Error: unknown command "${verb}"` };
  });
  const context: RuntimeContext = {
    host,
    root: ROOT,
    stateDir: `${ROOT}/core`,
    setting: (key) => settings[key],
  };
  const calls = () =>
    host.processes.commands.filter(({ argv }) => argv[0] === "podman").map(({ argv }) => argv.slice(1));
  return { host, context, runtime: new PodmanRuntime(context), calls };
}

/** podman's failure with this sentence. */
export function complaint(sentence: string, code = 125): ScriptedResult {
  return { code, stderr: `Error: ${sentence}\n` };
}

/** podman's complaint about a name that it does not know. */
export function noSuchContainer(name: string): ScriptedResult {
  return complaint(`no container with name or ID "${name}" found: no such container`);
}
