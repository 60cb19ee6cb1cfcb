/**
 * podman's answers, as 4.3 and 5.x write them.
 *
 * @module
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { parseContainerList } from "../../../runtimes/podman/container_list.ts";
import { parseEngineTime } from "../../../runtimes/podman/engine_text.ts";
import { parseContainerDetails, parseImageDetails } from "../../../runtimes/podman/inspect.ts";
import { parseEvent } from "../../../runtimes/podman/watch_events.ts";
import { detailsJson, listedJson } from "./podman_answers.ts";

Deno.test("parseContainerList() reads an ended container of 4.3", () => {
  const row = {
    Labels: { "carrel.project": "demo" },
    Image: "localhost/dev:latest",
    State: "exited",
    ExitCode: 7,
    Exited: true,
    StartedAt: 1_795_251_626,
    ExitedAt: 1_795_251_627,
    Created: 1_795_251_625,
  };
  assertEquals(parseContainerList(listedJson({ name: "demo-run-q7m2x", ...row })), [{
    id: "id-of-demo-run-q7m2x",
    name: "demo-run-q7m2x",
    state: "exited",
    labels: { "carrel.project": "demo" },
    image: "localhost/dev:latest",
    pid: 0,
    createdAtMicros: 1_795_251_625_000_000,
    startedAtMicros: 1_795_251_626_000_000,
    finishedAtMicros: 1_795_251_627_000_000,
    exitCode: 7,
    endSeen: true,
    writtenBytes: null,
  }]);
});

Deno.test("parseContainerList() reads a container that never ran, without labels, created in RFC 3339", () => {
  const [row] = parseContainerList(
    listedJson({ name: "a", Labels: null, State: "Created", Created: "2026-11-21T09:00:26.36+01:00" }),
  );
  assertEquals(row?.createdAtMicros, Date.UTC(2026, 10, 21, 8, 0, 26, 360) * 1000);
  assertEquals([row?.state, row?.labels], ["created", {}]);
  assertEquals([row?.startedAtMicros, row?.finishedAtMicros], [null, null]);
});

Deno.test("parseContainerList() reads an empty list", () => {
  assertEquals([parseContainerList("[]"), parseContainerList("null\n")], [[], []]);
});

for (
  const [words, text, quoted] of [
    ["text", "\n  Segmentation fault\nmore\n", '"Segmentation fault"'],
    ["nothing", "", "but nothing"],
    ["other JSON", '[{"Id": 3}]', '"[{"Id": 3}]"'],
    ["half of it", '[{"Id": "a', '"[{"Id": "a"'],
  ] as const
) {
  Deno.test(`parseContainerList() given ${words} is runtime_failed with what was said`, () => {
    const error = assertThrows(() => parseContainerList(text), AppError);
    assertEquals(error.code, "runtime_failed");
    assertStringIncludes(error.message, quoted);
  });
}

Deno.test("parseContainerDetails() reads times to the microsecond", () => {
  const [details] = parseContainerDetails(detailsJson({
    name: "a",
    State: {
      Status: "exited",
      ExitCode: 137,
      OOMKilled: true,
      StartedAt: "2026-11-21T09:00:26.435890478Z",
      FinishedAt: "2026-11-21T10:00:27.4Z",
    },
    Config: { Timeout: 60 },
    HostConfig: { Memory: 1024, LogConfig: { Type: "k8s-file", Path: "/srv/l.log" } },
  }));
  assertEquals(details, {
    name: "a",
    state: "exited",
    watcherPid: 0,
    exitCode: 137,
    oomKilled: true,
    startedAtMicros: Date.UTC(2026, 10, 21, 9, 0, 26) * 1000 + 435_890,
    finishedAtMicros: Date.UTC(2026, 10, 21, 10, 0, 27) * 1000 + 400_000,
    timeoutS: 60,
    memoryLimited: true,
    logPath: "/srv/l.log",
  });
});

Deno.test("parseContainerDetails() has no log path where the driver writes no file", () => {
  const [details] = parseContainerDetails(
    detailsJson({ name: "a", HostConfig: { Memory: 0, LogConfig: { Type: "journald", Path: "" } } }),
  );
  assertEquals([details?.logPath, details?.memoryLimited], [null, false]);
});

Deno.test("parseImageDetails() reads what an image runs", () => {
  const full = { Config: { User: "dev", Entrypoint: ["/e"], Cmd: ["a", "b"] } };
  assertEquals(parseImageDetails(JSON.stringify([full])), {
    user: "dev",
    entrypoint: ["/e"],
    command: ["a", "b"],
  });
  assertEquals(parseImageDetails('[{"Config":{"Entrypoint":null}}]'), {
    user: "",
    entrypoint: [],
    command: [],
  });
  assertEquals(parseImageDetails("[]"), null);
});

for (
  const [words, line] of [
    [
      "4.3",
      '{"ContainerExitCode":3,"ID":"a","Image":"i","Name":"demo-run-q7m2x","Status":"died",' +
      '"Time":"2026-11-21T09:00:34.434756479Z","Type":"container","Attributes":{"k":"v"}}',
    ],
    [
      "5.x",
      '{"containerExitCode":3,"id":"a","name":"demo-run-q7m2x","status":"died","time":1795251634,' +
      '"timeNano":1795251634434756479,"type":"container","attributes":{"k":"v"}}',
    ],
  ]
) {
  Deno.test(`parseEvent() reads the keys of ${words}`, () => {
    const micros = Date.UTC(2026, 10, 21, 9, 0, 34) * 1000 + 434_756;
    assertEquals(parseEvent(line ?? ""), {
      name: "demo-run-q7m2x",
      status: "died",
      timeMicros: micros,
      exitCode: 3,
      labels: { k: "v" },
    });
  });
}

Deno.test("parseEvent() drops what is no change in a container's life", () => {
  const event = (keys: object) =>
    JSON.stringify({ Name: "a", Type: "container", Status: "start", Time: "2026-11-21T09:00:34Z", ...keys });
  assertEquals(parseEvent(event({ Status: "init" })), null);
  assertEquals(parseEvent(event({ Status: "exec_died" })), null);
  assertEquals(parseEvent(event({ Type: "image" })), null);
  assertEquals(parseEvent(event({ Attributes: null }))?.labels, {});
});

Deno.test("parseEvent() does not invent an exit code", () => {
  const line = '{"Name":"a","Type":"container","Status":"died","Time":"2026-11-21T09:00:34Z"}';
  assertEquals(parseEvent(line)?.exitCode, null);
});

Deno.test("parseEngineTime() keeps microseconds and honours offsets", () => {
  const base = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000;
  assertEquals(parseEngineTime("2026-01-02T03:04:05Z"), base);
  assertEquals(parseEngineTime("2026-01-02T03:04:05.000001999Z"), base + 1);
  assertEquals(parseEngineTime("2026-01-02T05:04:05.5+02:00"), base + 500_000);
  assertEquals(parseEngineTime("yesterday"), null);
});
