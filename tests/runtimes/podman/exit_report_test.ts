/**
 * Why a container ended.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { classifyExit, type EndFacts, reportCode } from "../../../runtimes/podman/exit_report.ts";

const FACTS: EndFacts = {
  code: 0,
  startedAtMicros: 1_000_000_000,
  finishedAtMicros: 1_060_000_000,
  oomKilled: false,
  memoryLimited: false,
  timeoutS: 0,
};

for (
  const [words, facts, code, reason] of [
    ["success", { code: 0 }, 0, "exited"],
    ["a failure", { code: 7 }, 7, "exited"],
    ["podman's own failure code is the command's here", { code: 125 }, 125, "exited"],
    ["128 is no signal", { code: 128 }, 128, "exited"],
    ["the lowest signal", { code: 129 }, 129, "signal"],
    ["TERM", { code: 143 }, 143, "signal"],
    ["the highest signal", { code: 192 }, 192, "signal"],
    ["beyond the signals", { code: 193 }, 193, "exited"],
    ["the highest code", { code: 255 }, 255, "exited"],
    ["KILL", { code: 137 }, 137, "signal"],
    ["KILL by the kernel, told", { code: 137, oomKilled: true, memoryLimited: true }, 137, "oom"],
    ["KILL under a memory limit, untold", { code: 137, memoryLimited: true }, 137, "unknown"],
    ["an exit after a child was killed by the kernel", { code: 1, oomKilled: true }, 1, "exited"],
    ["the time limit", { code: -1, timeoutS: 60 }, null, "timeout"],
    ["the time limit, by an engine that reports KILL", { code: 137, timeoutS: 60 }, null, "timeout"],
    [
      "the time limit, stamped a little early",
      {
        code: -1,
        timeoutS: 60,
        finishedAtMicros: 1_059_100_000,
      },
      null,
      "timeout",
    ],
    ["ended by force before the limit", { code: -1, timeoutS: 120 }, null, "unknown"],
    ["ended by force without a limit", { code: -1 }, null, "unknown"],
    ["an exit by itself after the limit's second", { code: 3, timeoutS: 60 }, 3, "exited"],
    ["a code that is none", { code: 256 }, null, "unknown"],
  ] as const
) {
  Deno.test(`classifyExit() ${words}`, () => {
    const report = classifyExit({ ...FACTS, ...facts });
    assertEquals([report.code, report.reason], [code, reason]);
  });
}

Deno.test("classifyExit() never puts the end before the start", () => {
  const report = classifyExit({ ...FACTS, finishedAtMicros: FACTS.startedAtMicros - 5000 });
  assert(report.finishedAtMicros !== null && report.finishedAtMicros > FACTS.startedAtMicros);
});

Deno.test("reportCode() claims no more than a code tells", () => {
  assertEquals(reportCode(3), { code: 3, reason: "exited", finishedAtMicros: null });
  assertEquals(reportCode(143), { code: 143, reason: "signal", finishedAtMicros: null });
  assertEquals(reportCode(137), { code: 137, reason: "unknown", finishedAtMicros: null });
  for (const code of [-1, NaN]) {
    assertEquals(reportCode(code), { code: null, reason: "unknown", finishedAtMicros: null });
  }
});
