/**
 * The laws of runtimes, kept by the simulated one: in memory, and on the real disk and clock.
 *
 * @module
 */
import { join } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import type { ContainerSpec } from "../../core/port/runtime.ts";
import type { Host } from "../../core/port/host.ts";
import { FakeRuntime } from "../../runtimes/fake/fake_runtime.ts";
import { type FakeBehaviour, parseFakeScript } from "../../runtimes/fake/fake_script.ts";
import type { Behaviour, Bench } from "./runtime_bench.ts";
import { runtimeSuite } from "./runtime_suite.ts";
import { newTestSpec } from "../support/test_spec.ts";

const supports = { commands: false, images: false, signals: false, timeoutReason: true };

runtimeSuite("fake in memory", async () => {
  const host = newMemoryHost();
  await host.files.makeDir("/bench", { mode: 0o700 });
  return await newFakeBench(host, "/bench", () => Promise.resolve());
}, { supports });

runtimeSuite("fake on disk", async () => {
  const directory = await Deno.makeTempDir();
  return await newFakeBench(newDenoHost(), directory, () => Deno.remove(directory, { recursive: true }));
}, { supports });

async function newFakeBench(host: Host, directory: string, dispose: () => Promise<void>): Promise<Bench> {
  const workspace = join(directory, "workspace");
  await host.files.makeDir(workspace, { mode: 0o700 });
  await host.files.makeDir(join(directory, "logs"), { mode: 0o700 });
  const scripts = new Map<string, FakeBehaviour>();
  const behaviourOf = ({ name }: ContainerSpec) => scripts.get(name) ?? parseFakeScript(undefined);
  const open = (root: string) =>
    new FakeRuntime({ host, stateDir: join(directory, root, "core"), failOn: [], behaviourOf });
  let count = 0;
  return {
    runtime: open("root"),
    otherRoot: open("other"),
    newSpec: (overrides) => newTestSpec(`demo-run-${++count}`, directory, overrides),
    behave: (spec, behaviour) => {
      scripts.set(spec.name, toScript(behaviour));
      return spec;
    },
    writeWorkspace: (path, text) => host.files.create(join(workspace, path), text, { mode: 0o644 }),
    readWorkspace: (path) => host.files.readText(join(workspace, path)),
    [Symbol.asyncDispose]: dispose,
  };
}

function toScript(behaviour: Behaviour): FakeBehaviour {
  const { exitCode = 0, durationMs = 0, stdout = "", stderr = "", files = {}, exec = [] } = behaviour;
  return {
    exit_code: exitCode,
    duration_ms: durationMs,
    stdout,
    stderr,
    files: { ...files },
    exec: exec.map((entry) => ({
      argv: [...entry.argv],
      exit_code: entry.exitCode,
      stdout: entry.stdout,
      stderr: entry.stderr,
    })),
  };
}
