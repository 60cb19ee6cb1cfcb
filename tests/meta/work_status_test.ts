import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { AGENT_FILE_BYTES_MAX } from "../../core/meta/untrusted_yaml.ts";
import {
  encodePendingPhase,
  encodeWorkStatus,
  parsePendingPhase,
  parseWorkStatus,
  WORK_STATUSES,
} from "../../core/meta/work_status.ts";

const NOTHING = { status: null, message: null };

Deno.test("parseWorkStatus() reads every status word, and keeps others", async () => {
  for (const status of [...WORK_STATUSES, "pondering"]) {
    assertEquals(await parseWorkStatus(`status: ${status}\n`), { status, message: null });
    assertEquals(await parseWorkStatus(status), { status, message: null });
  }
});

Deno.test("parseWorkStatus() reads messages in any style", async () => {
  for (
    const text of [
      "status: testing\nmessage: 'run *.ts & count'\n",
      "message: run *.ts & count\nstatus: testing # now",
      '{status: testing, message: "run *.ts & count"}',
      "status: testing\nmessage: >-\n  run *.ts\n  & count\nextra: [1]\n",
    ]
  ) assertEquals(await parseWorkStatus(text), { status: "testing", message: "run *.ts & count" });
});

Deno.test("parseWorkStatus() takes values that are no text for absent", async () => {
  for (
    const text of [
      "status: 7\nmessage: [x]\n",
      "status:\n",
      "status: ''\n",
      "- testing\n",
      "7",
      "null",
      "true",
      "",
      "\n",
    ]
  ) {
    assertEquals(await parseWorkStatus(text), NOTHING, text);
  }
  assertEquals(await parseWorkStatus("message: alone\n"), { status: null, message: "alone" });
});

Deno.test("parseWorkStatus() says nothing for malformed, huge and exploding text", async () => {
  const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
  const bomb = `a0: &a0 [x]\n${levels.join("\n")}\nstatus: done\n`;
  for (
    const text of [
      bomb,
      `k: &k ${"x".repeat(30_000)}\n? [${"*k,".repeat(10_000)}]\n: 1\nstatus: done\n`,
      "status: done\nself: &x [*x]\n",
      "status: [open",
      "status: 'open",
      "status: done\nstatus: done\n",
      "status: done\0",
      "\0".repeat(100),
      "[".repeat(60_000),
      "{a: ".repeat(15_000),
      "? ".repeat(30_000),
      "!<tag:evil> x",
      `status: ${"x".repeat(AGENT_FILE_BYTES_MAX)}`,
    ]
  ) assertEquals(await parseWorkStatus(text), NOTHING, text.slice(0, 40));
});

Deno.test("parseWorkStatus() and parsePendingPhase() never throw", async () => {
  const anyText = fc.array(
    fc.oneof(
      fc.constantFrom("status", "phase", ": ", "&a", "*a", "[", "{", "|", "'", "\n", "!!", "? "),
      fc.string(),
    ),
  )
    .map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const { status, message } = await parseWorkStatus(text);
      const { phase, prompt } = await parsePendingPhase(text);
      for (const value of [status, message, phase, prompt]) {
        assertEquals(value === null || typeof value === "string", true);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("parseWorkStatus() reads back what encodeWorkStatus() writes", async () => {
  const anyText = fc.string({ unit: "binary", minLength: 1 });
  await fc.assert(fc.asyncProperty(anyText, fc.option(anyText), async (status, message) => {
    assertEquals(await parseWorkStatus(encodeWorkStatus({ status, message })), { status, message });
  }));
});

Deno.test("parsePendingPhase() needs a phase that is not empty and defaults the prompt", async () => {
  assertEquals(await parsePendingPhase("phase: review\nprompt: go\n"), { phase: "review", prompt: "go" });
  assertEquals(await parsePendingPhase("phase: review\n"), { phase: "review", prompt: "" });
  assertEquals(await parsePendingPhase("phase: ''\nprompt: 7\n"), { phase: null, prompt: null });
  assertEquals(await parsePendingPhase("phase: &x a\nprompt: *x\n"), { phase: null, prompt: "" });
  assertEquals(await parsePendingPhase(""), { phase: null, prompt: "" });
});

Deno.test("parsePendingPhase() reads back what encodePendingPhase() writes", async () => {
  const anyText = fc.string({ unit: "binary", minLength: 1 });
  await fc.assert(fc.asyncProperty(anyText, anyText, async (phase, prompt) => {
    assertEquals(await parsePendingPhase(encodePendingPhase({ phase, prompt })), { phase, prompt });
  }));
});
