/**
 * How a container spec becomes a plain command, and what is refused.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../../core/error.ts";
import type { ContainerSpec } from "../../../core/port/runtime.ts";
import { baseEnv, toHostPath, toProcessCommand } from "../../../runtimes/process/process_command.ts";
import { newTestSpec } from "../../support/test_spec.ts";

const WORKSPACE = { source: "/srv/t/workspace", target: "/workspace" };
const command = (overrides: Partial<ContainerSpec>) =>
  toProcessCommand(newTestSpec("a", "/srv/t", overrides));

Deno.test("toHostPath() takes the mount with the longest target", () => {
  const mounts = [WORKSPACE, { source: "/cache", target: "/workspace/cache" }];
  assertEquals(toHostPath(mounts, "/workspace"), "/srv/t/workspace");
  assertEquals(toHostPath(mounts, "/workspace/cache/x"), "/cache/x");
  assertEquals(toHostPath(mounts, "/workspace/cached"), "/srv/t/workspace/cached");
});

Deno.test("toHostPath() translates on path boundaries only", () => {
  fc.assert(fc.property(fc.string(), (rest) => {
    const expected = rest === "" || rest.startsWith("/") ? WORKSPACE.source + rest : null;
    assertEquals(toHostPath([WORKSPACE], WORKSPACE.target + rest), expected);
  }));
});

Deno.test("toProcessCommand() translates workdir, prelude and environment, but not the command", () => {
  const { argv, directory, env } = command({
    prelude: ["/bin/sh", "/home/dev/.terok/init.sh"],
    command: ["ls", "/workspace/x"],
    workdir: "/workspace/sub",
    env: { INSIDE: "/workspace/x", BESIDE: "/workspaces", TEXT: "see /workspace" },
  });
  assertEquals(argv, ["/bin/sh", "/srv/t/agent-config/init.sh", "ls", "/workspace/x"]);
  assertEquals(directory, "/srv/t/workspace/sub");
  assertEquals(env, {
    INSIDE: "/srv/t/workspace/x",
    BESIDE: "/workspaces",
    TEXT: "see /workspace",
    CARREL_WORKSPACE: "/srv/t/workspace",
    CARREL_AGENT_CONFIG: "/srv/t/agent-config",
  });
});

for (
  const [setting, overrides] of Object.entries<Partial<ContainerSpec>>({
    "run.network": { network: "none" },
    "run.memory": { memory: "1g" },
    "run.cpus": { cpus: "2" },
    "run.pids": { pids: 10 },
    "run.user": { user: "1000" },
    "a published port": { ports: [{ hostAddress: "127.0.0.1", hostPort: 1, containerPort: 1 }] },
    "an engine argument": { extraArgs: ["--init"] },
    "needs a command": { command: null },
    "workdir /elsewhere": { workdir: "/elsewhere" },
  })
) {
  Deno.test(`toProcessCommand() refuses what it cannot honour: ${setting}`, () => {
    assertEquals(assertThrows(() => command(overrides), AppError, setting).code, "invalid_value");
  });
}

Deno.test("baseEnv() passes on only what every process needs", () => {
  const own = new Map([["PATH", "/bin"], ["HOME", "/root"], ["SECRET", "x"]]);
  assertEquals(baseEnv((name) => own.get(name)), { PATH: "/bin", HOME: "/root" });
});
