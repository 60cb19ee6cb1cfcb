import { assertEquals } from "@std/assert";
import { parseProcessStat, readProcessStat } from "../../core/host/process_stat.ts";

/** Fields 4 to 21 are of no interest here. */
const MIDDLE = Array.from({ length: 18 }, (_, at) => at + 4).join(" ");

Deno.test("parseProcessStat() counts fields from behind a name with spaces and parentheses", () => {
  for (const name of ["sh", "a b", "x) Z 1 (y", ")"]) {
    const line = `42 (${name}) S ${MIDDLE} 987654 23 24\n`;
    assertEquals(parseProcessStat(line), { startTicks: 987654, ended: false });
  }
});

Deno.test("parseProcessStat() takes zombies and the dying for ended", () => {
  const ended = ["R", "S", "D", "T", "t", "I", "Z", "X", "x"].filter((state) =>
    parseProcessStat(`42 (sh) ${state} ${MIDDLE} 1 23\n`)?.ended
  );
  assertEquals(ended, ["Z", "X", "x"]);
});

Deno.test("parseProcessStat() is null for what is no such line", () => {
  for (const line of ["", "42 (sh", "42 (sh) S 1 2 3", `42 (sh) S ${MIDDLE} x 23`]) {
    assertEquals(parseProcessStat(line), null);
  }
});

Deno.test("readProcessStat() reads this very process, and null for none", () => {
  assertEquals(readProcessStat(Deno.pid)?.ended, false);
  assertEquals(readProcessStat(2 ** 22 + 1), null);
});
