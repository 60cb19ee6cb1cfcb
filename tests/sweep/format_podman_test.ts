import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatPodmanScore, type StruckLine, wordStruck } from "../../scripts/sweep/format_podman.ts";

const STRUCK: StruckLine = {
  line: "task stop",
  enumerated: 119,
  aimed: 12,
  reached: 11,
  attempts: 14,
  violations: [{ point: "fsync a #1", what: "lost" }, { point: "fsync a #1", what: "stuck" }],
  leftovers: [],
};

function score(mode: "points" | "moments"): string {
  return formatPodmanScore({ user: "rootful", mode, kills: 12, seed: 5, seconds: 9, struck: [STRUCK] });
}

Deno.test("wordStruck() tells aimed from reached", () => {
  assertEquals(
    wordStruck("points", STRUCK),
    "task stop: kill points 119, aimed at 12, reached 11, violations 1",
  );
  assertEquals(
    wordStruck("moments", STRUCK),
    "task stop: killed 11 of 12 times before its end, violations 1",
  );
});

Deno.test("formatPodmanScore() has a row for each command, and names the command that made it", () => {
  for (
    const [mode, head, row] of [
      [
        "points",
        "| command | kill points | aimed at | reached | violations |",
        "| task stop | 119 | 12 | 11 | 1 |",
      ],
      ["moments", "| command | moments | before its end | violations |", "| task stop | 12 | 11 | 1 |"],
    ] as const
  ) {
    const [title, , said, ...lines] = score(mode).split("\n");
    assertEquals(title, "## Real podman, rootful");
    assertStringIncludes(said ?? "", "`deno task sweep:podman --scorecard --kills 12 --seed 5`, 9 s");
    const [header, ruler = "", only] = lines.slice(-3);
    assertEquals([header, only], [head, row]);
    assertEquals(ruler.split("|").length, head.split("|").length);
  }
});
