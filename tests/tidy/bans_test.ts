import { assertEquals } from "@std/assert";
import { bannedLines, BANS } from "./bans.ts";
import { listSourceFiles, readSource } from "./source_files.ts";

Deno.test("no source file holds anything banned", () => {
  assertEquals(listSourceFiles().flatMap((path) => bannedLines(path, readSource(path))), []);
});

for (const ban of BANS) {
  Deno.test(`bannedLines() catches ${ban.name} where it is not allowed`, () => {
    assertEquals(bannedLines("core/engine/sample.ts", `const ok = 1;\n${ban.sample}\n`, [ban]), [
      `core/engine/sample.ts:2: ${ban.name} is banned; use ${ban.instead}`,
    ]);
    for (const spared of ban.exempt) {
      const path = spared.endsWith("/") ? `${spared}sample.ts` : spared;
      assertEquals(bannedLines(path, ban.sample, [ban]), []);
    }
  });
}

Deno.test("bannedLines() lets formatting a given instant pass", () => {
  assertEquals(bannedLines("core/meta/time.ts", "const day = new Date(micros / 1000).toISOString();"), []);
});

Deno.test("bannedLines() does not mistake a neighbour for an exempt folder", () => {
  assertEquals(bannedLines("core/hostess/a.ts", "Deno.cwd();").length, 1);
  assertEquals(bannedLines("core/main.ts", "Deno.cwd();").length, 1);
});

Deno.test("bannedLines() ignores what is only spoken of", () => {
  const source = [
    `// Deno.cwd() and console.log`,
    `/* throw new Error("x") */`,
    `const hint = "use Deno.cwd(), not Date.now()";`,
    "const other = `console.log ${1}`;",
    `const pattern = /Math.random "/;`,
    `const last = 'as any';`,
  ].join("\n");
  assertEquals(bannedLines("core/engine/a.ts", source), []);
});
