import { assertEquals } from "@std/assert";
import { newIo } from "../../core/cli/io.ts";
import { newProgress } from "../../core/cli/progress.ts";
import { newMemoryClock } from "../../core/host/memory_clock.ts";
import { newMemoryTerminal } from "../../core/host/memory_terminal.ts";

const SETTINGS = { json: false, quiet: false, noInput: false };

Deno.test("newProgress() is silent for a second, then speaks a few times a second, and leaves nothing", async () => {
  const clock = newMemoryClock({ sleep: "manual" });
  const terminal = newMemoryTerminal({ isTerminal: true });
  const io = newIo(terminal, { get: () => undefined }, SETTINGS);
  const progress = newProgress(io, clock);
  const asked: number[] = [];
  for (let at = 0; at < 140; at++) {
    await clock.advance(10);
    progress.update(() => {
      asked.push(at);
      return at > 120 ? "done" : `at ${at}`;
    });
  }
  progress.end();
  progress.end();
  await io.flush();
  assertEquals(asked, [99, 109, 119, 129, 139]);
  assertEquals(terminal.stderrText(), "\rat 99\rat 109\rat 119\rdone  \rdone\r    \r");
});
