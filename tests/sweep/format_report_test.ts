import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatReport, formatScore, summaryLine, talliesOf } from "../../scripts/sweep/format_report.ts";
import type { Tally, VerbReport } from "../../scripts/sweep/sweep_verb.ts";

const NOTHING: Tally = { enumerated: 0, aimed: 0, reached: 0, attempts: 0, violations: [], leftovers: [] };
const REPORT: VerbReport = {
  verb: "task stop",
  runtime: "fake",
  kills: {
    ...NOTHING,
    enumerated: 9,
    reached: 4,
    violations: [{ point: "fsync a #1", what: "lost" }, { point: "fsync a #1", what: "stuck" }],
    leftovers: [{ point: "fsync b #1", what: "b.tmp" }],
  },
  errors: { ...NOTHING, enumerated: 20, reached: 5 },
  faults: NOTHING,
};

Deno.test("summaryLine() counts points, and commands without a row", () => {
  assertEquals(summaryLine(talliesOf(REPORT), []), { text: "7 passed, 2 failed", failed: 2 });
  assertEquals(summaryLine(talliesOf(REPORT), ["task new"]), { text: "7 passed, 3 failed", failed: 3 });
});

Deno.test("formatReport() and formatScore() show the same figures, with sums", () => {
  const figures = ["9", "4", "2", "20", "5", "0", "0", "0", "0"];
  const [, , last = ""] = formatReport([REPORT]).split("\n");
  assertEquals(last.trim().split(/\s+/), ["all", ...figures]);
  assertStringIncludes(
    formatScore({ reports: [REPORT], seconds: 1, size: { kills: 4, errors: 5, seed: 1 } }),
    `| all |  | ${figures.join(" | ")} |`,
  );
});
