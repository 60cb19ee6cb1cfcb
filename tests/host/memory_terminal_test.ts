import { assertEquals } from "@std/assert";
import { newMemoryTerminal } from "../../core/host/memory_terminal.ts";

Deno.test("newMemoryTerminal() is as wide as it is told when it is a terminal", () => {
  const widths = [{}, { isTerminal: true }, { isTerminal: true, columns: 40 }, { columns: 40 }]
    .map((options) => newMemoryTerminal(options).stdout.columns);
  assertEquals(widths, [null, 80, 40, null]);
});

Deno.test("raise() tells whether anybody listens", () => {
  const terminal = newMemoryTerminal();
  let heard = 0;
  const remove = terminal.onSignal("SIGINT", () => heard += 1);
  assertEquals([terminal.raise("SIGINT"), terminal.raise("SIGHUP"), heard], [true, false, 1]);
  remove();
  assertEquals([terminal.raise("SIGINT"), heard], [false, 1]);
});

Deno.test("newMemoryTerminal() keeps bytes as they are", async () => {
  const terminal = newMemoryTerminal({ stdin: new Uint8Array([0, 255]) });
  await terminal.stderr.write(await terminal.stdin.readAll(2));
  assertEquals(terminal.stderrBytes(), new Uint8Array([0, 255]));
  assertEquals(terminal.stdoutBytes().length, 0);
});
