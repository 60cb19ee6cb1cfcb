import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { CONTRACT_FILES, contractSignatures } from "./contract_signatures.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const DOC = Deno.readTextFileSync(join(ROOT, "docs/state.md"));

for (const file of CONTRACT_FILES) {
  Deno.test(`docs/state.md shows the contract of ${file} as it is`, () => {
    const signatures = contractSignatures(file);
    assert(signatures.startsWith("interface "));
    assert(
      DOC.includes("```ts ignore\n" + signatures + "\n```"),
      `write this into docs/state.md:\n${signatures}`,
    );
  });
}

Deno.test("docs/state.md has a row for every decision and every weak point", () => {
  const rows = Array.from(DOC.matchAll(/^\| ([DB]\d+) +\|.*\|$/gm), ([, id]) => id);
  const wanted = (letter: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  assertEquals(rows, [...wanted("D", 10), ...wanted("B", 24)]);
});

Deno.test("docs/state.md names laws and tests that exist", () => {
  const folder = join(ROOT, "tests/contract/state");
  const sources = Array.from(
    Deno.readDirSync(folder),
    ({ name }) => Deno.readTextFileSync(join(folder, name)),
  );
  const laws = sources.join("\n");
  const evidence = Array.from(DOC.matchAll(/^\| [DB]\d+ +\|.*\| (.*?) +\|$/gm), ([, cell = ""]) => cell);
  for (const cell of evidence) {
    const titles = Array.from(cell.matchAll(/"([^"]+)"/g), ([, title = ""]) => title);
    const files = Array.from(cell.matchAll(/`([^`]+)`/g), ([, path = ""]) => path);
    assert(titles.length + files.length > 0, cell);
    for (const title of titles) assert(laws.includes(`"${title}"`) || isTakenAlong(title, laws), title);
    for (const path of files) assert(Deno.statSync(join(ROOT, path)).isFile, path);
  }
});

/** Laws about what is written along are made from a table of changes. */
function isTakenAlong(title: string, laws: string): boolean {
  const [, change] = /^B22 (.+) takes its audit event along, and only if it happens$/.exec(title) ?? [];
  return change !== undefined && laws.includes(`"${change}": {`);
}
