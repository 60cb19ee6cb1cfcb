/**
 * States: how many questions are asked, and what is made of the answers.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import type { ContainerStatus } from "../../../core/port/runtime.ts";
import { detailsJson, listedJson } from "./podman_answers.ts";
import { complaint, scriptedPodman } from "./scripted_podman.ts";

const START = 1_795_251_626;
const RAN = { StartedAt: START, ExitedAt: START + 5, Exited: true, State: "exited" };
const NAME = "demo-run-q7m2x";

/** RFC 3339 of seconds since START. */
function at(seconds: number): string {
  return new Date((START + seconds) * 1000).toISOString();
}

function ended(exitCode: number, startedS: number, finishedS: number, status = "exited") {
  return { Status: status, ExitCode: exitCode, StartedAt: at(startedS), FinishedAt: at(finishedS) };
}

Deno.test("states() asks once and reads ends from the list when it tells them", async () => {
  const rows = [
    { name: "demo-run-q7m2x", ...RAN, ExitCode: 7 },
    { name: "demo-cli-k3v8h" },
    { name: "demo-run-k3v8j", State: "running", StartedAt: START },
  ];
  const { runtime, calls } = scriptedPodman({ ps: () => ({ stdout: listedJson(...rows) }) });
  const states = await runtime.states({ project: "demo" });
  assertEquals(calls(), [[
    ...["ps", "--all", "--no-trunc", "--filter"],
    "name=^demo-[a-z]+-[ghjkmnpqrstvwxyz][0-9][0-9a-hjkmnp-tv-z]{3}$",
    ...["--format", "json"],
  ]]);
  assertEquals([...states.values()].map(({ state, exit }) => [state, exit?.code, exit?.reason]), [
    ["exited", 7, "exited"],
    ["created", undefined, undefined],
    ["running", undefined, undefined],
  ]);
  assertEquals(states.get(NAME)?.exit?.finishedAtMicros, (START + 5) * 1_000_000);
});

Deno.test("states() asks for all open ends in one further call", async () => {
  const rows = [
    { name: "demo-run-q7m2x", ...RAN, ExitedAt: START },
    { name: "demo-run-k3v8h", ...RAN, ExitCode: 137 },
    { name: "demo-run-k3v8j", ...RAN, ExitCode: -1 },
    { name: "demo-run-k3v8k", ...RAN, ExitCode: 3 },
  ];
  const { runtime, calls } = scriptedPodman({
    ps: () => ({ stdout: listedJson(...rows) }),
    container: () => ({
      stdout: detailsJson(
        { name: "demo-run-q7m2x", State: ended(0, 0.25, 0.5) },
        { name: "demo-run-k3v8h", State: { ...ended(137, 0, 5), OOMKilled: true } },
        { name: "demo-run-k3v8j", State: ended(-1, 0, 5), Config: { Timeout: 5 } },
      ),
    }),
  });
  const states = await runtime.states({ project: "demo" });
  assertEquals(calls().slice(1), [
    ["container", "inspect", "demo-run-q7m2x", "demo-run-k3v8h", "demo-run-k3v8j"],
  ]);
  assertEquals([...states.values()].map(({ exit }) => [exit?.code, exit?.reason]), [
    [0, "exited"],
    [137, "oom"],
    [null, "timeout"],
    [3, "exited"],
  ]);
  assertEquals(states.get(NAME)?.exit?.finishedAtMicros, START * 1_000_000 + 500_000);
  // As the list tells it.
  assertEquals(states.get(NAME)?.startedAtMicros, START * 1_000_000);
});

Deno.test("states() does not ask again about ends that the caller knows", async () => {
  const row = { name: NAME, ...RAN, ExitedAt: START, ExitCode: 0 };
  const { runtime, calls } = scriptedPodman({ ps: () => ({ stdout: listedJson(row) }) });
  const states = await runtime.states({ project: "demo", settled: new Set([NAME]) });
  assertEquals(calls().length, 1);
  assertEquals([states.get(NAME)?.state, states.get(NAME)?.exit], ["exited", null]);
});

Deno.test("states() of no names asks nothing", async () => {
  const { runtime, calls } = scriptedPodman({});
  assertEquals((await runtime.states({ names: [] })).size, 0);
  assertEquals(calls(), []);
});

Deno.test("states() leaves out what vanished and shows no end that nobody can tell", async () => {
  const { runtime } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: NAME, ...RAN, ExitCode: 137 }) }),
    container: () => ({ ...complaint("inspecting object: no such container demo-run-q7m2x"), stdout: "[]" }),
  });
  assertEquals((await runtime.states({})).get(NAME)?.exit, null);
});

Deno.test("states() does not take the reset code of a container that was started meanwhile for an end", async () => {
  for (const status of ["running", "created", "initialized"]) {
    const { runtime } = scriptedPodman({
      ps: () => ({ stdout: listedJson({ name: NAME, ...RAN, ExitCode: 137 }) }),
      container: () => ({ stdout: detailsJson({ name: NAME, State: ended(0, 0, 5, status) }) }),
    });
    const found = (await runtime.states({})).get(NAME);
    assertEquals([found?.state, found?.exit], [status, null]);
  }
});

async function statusOf(row: Record<string, unknown>): Promise<ContainerStatus> {
  const { runtime } = scriptedPodman({ ps: () => ({ stdout: listedJson({ name: NAME, ...row }) }) });
  const status = (await runtime.states({})).get(NAME);
  assert(status !== undefined);
  return status;
}

const UNSEEN = { code: null, reason: "unknown", finishedAtMicros: null } as const;

for (
  const [words, row, state, exit] of [
    ["never started, code 0", { ExitCode: 0 }, "created", null],
    [
      "stopped while it is being cleaned up",
      { ...RAN, State: "stopped", Exited: false, Pid: 4 },
      "stopped",
      null,
    ],
    ["stopping", { ...RAN, State: "stopping", Exited: false, Pid: 4 }, "stopping", null],
    ["paused", { State: "paused", StartedAt: START, Pid: 4 }, "paused", null],
    ["being started again", { ...RAN, State: "initialized", Exited: false, Pid: 4 }, "initialized", null],
    // What 4.3 was seen to show after a power loss.
    [
      "running when the machine went down, 4.3",
      { ...RAN, State: "created", Exited: false },
      "exited",
      UNSEEN,
    ],
    ["running when the machine went down, 5.x", { ...RAN, State: "exited", Exited: false }, "exited", UNSEEN],
    ["ended before the machine went down, 4.3", { ...RAN, State: "created", ExitCode: 3 }, "exited", {
      code: 3,
      reason: "exited",
      finishedAtMicros: (START + 5) * 1_000_000,
    }],
  ] as const
) {
  Deno.test(`states() of a container that is ${words}`, async () => {
    const status = await statusOf(row);
    assertEquals([status.state, status.exit], [state, exit]);
  });
}

for (
  const [words, watcherAlive, status, state, exit] of [
    ["and its watcher too: nobody will ever tell", false, "running", "exited", UNSEEN],
    ["while its watcher still works: not yet", true, "running", "running", null],
    ["and podman notices", true, "exited", "exited", { code: 3, reason: "exited" }],
  ] as const
) {
  Deno.test(`states() of a running container whose process is gone ${words}`, async () => {
    const watcher = { pid: 0 };
    const { runtime, host } = scriptedPodman({
      ps: () => ({ stdout: listedJson({ name: NAME, State: "running", StartedAt: START, Pid: 999_999 }) }),
      container: () => ({
        stdout: detailsJson({ name: NAME, State: { ...ended(3, 0, 5, status), ConmonPid: watcher.pid } }),
      }),
    });
    watcher.pid = watcherAlive ? host.processes.start().pid : 999_998;
    const found = (await runtime.states({})).get(NAME);
    assertEquals(found?.state, state);
    assertEquals(found?.exit?.code, exit?.code);
    assertEquals(found?.exit?.reason, exit?.reason);
  });
}

Deno.test("states() through a connection looks at no process of this machine", async () => {
  const { runtime, calls } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: NAME, State: "running", StartedAt: START, Pid: 999_999 }) }),
  }, { settings: { "runtime.podman.connection": "far" } });
  assertEquals((await runtime.states({})).get(NAME)?.state, "running");
  assertEquals(calls().map((args) => args.slice(0, 3)), [["--connection", "far", "ps"]]);
});

Deno.test("states() asks for sizes only when it is told to, with time for them", async () => {
  const rows = [
    { name: "demo-run-q7m2x", Size: { rootFsSize: 32_104_273, rwSize: 1_048_588 } },
    { name: "demo-run-k3v8h" },
  ];
  const { runtime, calls } = scriptedPodman({
    ps: () => ({ stdout: listedJson(...rows), durationMs: 300_000 }),
  });
  const states = await runtime.states({ project: "demo", sizes: true });
  assert(calls()[0]?.includes("--size"));
  assertEquals([...states.values()].map(({ writtenBytes }) => writtenBytes), [1_048_588, undefined]);
  const error = await assertRejects(() => runtime.states({ project: "demo" }), AppError);
  assertEquals(error.code, "runtime_timeout");
});
