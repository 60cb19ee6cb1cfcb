/**
 * The whole program on the real machine, in a temporary directory, within this process.
 *
 * @module
 */
import { dirname } from "@std/path";
import { runCli } from "../../core/cli/run_cli.ts";
import { newApp } from "../../core/commands/app.ts";
import { COMMANDS } from "../../core/commands/mod.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { newMemoryTerminal } from "../../core/host/memory_terminal.ts";
import { openCarrel } from "../../core/open_carrel.ts";
import type { Env, Host } from "../../core/port/host.ts";
import type { Ran } from "./program.ts";

/** The program, and where it works. */
export interface DiskProgram extends Disposable {
  /** Parent of `root` and `config`, and the working directory. */
  readonly dir: string;
  readonly root: string;
  /** Makes the project.yml of a project. */
  configure(project: string, text: string): void;
  /** Runs one command line, without the program's name. */
  run(...argv: string[]): Promise<Ran>;
}

/** Makes a directory; leaving its scope removes it. Programs that it starts get the variables `env` too. */
export function newDiskProgram(env: Readonly<Record<string, string>> = {}): DiskProgram {
  const dir = Deno.makeTempDirSync({ prefix: "carrel-test-" });
  const real = newDenoHost();
  const { run, spawn } = real.processes;
  const host: Host = {
    ...real,
    env: withoutSettings(real.env),
    system: { ...real.system, cwd: dir },
    processes: {
      ...real.processes,
      run: (spec) => run({ ...spec, env: { ...env, ...spec.env } }),
      spawn: (spec) => spawn({ ...spec, env: { ...env, ...spec.env } }),
    },
  };
  const where = { root: `${dir}/root`, configDir: `${dir}/config` };
  return {
    dir,
    root: where.root,
    configure(project, text) {
      const file = `${where.configDir}/projects/${project}/project.yml`;
      Deno.mkdirSync(dirname(file), { recursive: true });
      Deno.writeTextFileSync(file, text);
    },
    async run(...argv) {
      const terminal = newMemoryTerminal({ stdin: "", isTerminal: false, columns: 80 });
      const code = await runCli({
        argv,
        table: COMMANDS,
        terminal,
        env: { get: () => undefined },
        newApp: (globals, io) =>
          newApp(host, terminal, (world) => openCarrel({ host, ...where, ...world }), globals, io),
      });
      return { code, stdout: terminal.stdoutText(), stderr: terminal.stderrText() };
    },
    [Symbol.dispose]: () => Deno.removeSync(dir, { recursive: true }),
  };
}

/** What configures carrel, or its tests, on this machine is none of the program's business. */
function withoutSettings(env: Env): Env {
  const isSetting = (name: string) => name.startsWith("CARREL_");
  return {
    get: (name) => isSetting(name) ? undefined : env.get(name),
    all: () => Object.fromEntries(Object.entries(env.all()).filter(([name]) => !isSetting(name))),
  };
}
