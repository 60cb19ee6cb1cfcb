/**
 * Containers like those of tasks, made with podman alone.
 *
 * @module
 */
import { join } from "@std/path";
import { createArgv } from "../../runtimes/podman/argv.ts";
import { TEST_IMAGE } from "../../tests/podman/podman_here.ts";
import { newTestSpec } from "../../tests/support/test_spec.ts";
import { runProgram } from "./run_program.ts";

/** Makes and removes containers. */
export interface RawContainers {
  /** `podman create` and `podman start`. */
  createAndStart(): Promise<void>;
  /** `podman run -d`. */
  run(): Promise<void>;
  /** Removes what was made so far. */
  removeAll(): Promise<void>;
}

/** Their mounts and logs are below `directory`, their names begin with `prefix`. */
export function newRawContainers(
  directory: string,
  prefix: string,
  command: readonly string[],
): RawContainers {
  for (const name of ["workspace", "agent-config", "logs"]) {
    Deno.mkdirSync(join(directory, name), { recursive: true });
  }
  const names: string[] = [];
  const nextArgv = (): string[] => {
    const name = `${prefix}-${names.length}`;
    names.push(name);
    const env = { TASK_ID: "q7m2x", PROJECT_NAME: prefix };
    const spec = newTestSpec(name, directory, { image: TEST_IMAGE, command, network: "none", env });
    return createArgv(spec, {
      keepId: null,
      hasInit: false,
      image: null,
      pull: "never",
      envNames: Object.keys(env),
      envFile: null,
      splitsLists: false,
    }).slice(1);
  };
  return {
    async createAndStart() {
      await runProgram(["podman", "create", ...nextArgv()]);
      await runProgram(["podman", "start", names.at(-1) ?? ""]);
    },
    run: async () => void await runProgram(["podman", "run", "--detach", ...nextArgv()]),
    removeAll: async () =>
      void await runProgram(["podman", "rm", "--force", "--ignore", "--time", "0", ...names]),
  };
}
