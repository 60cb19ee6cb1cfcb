import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { newDiskProgram } from "../support/disk_program.ts";
import { G1 } from "../state/import/reference_schemas.ts";
import { writeSql } from "../state/import/scene.ts";

/** The program on the real machine, in a directory of its own that holds a file of the reference. */
function newPlace() {
  const program = newDiskProgram();
  writeSql(`${program.dir}/dir.db`, [
    ...G1,
    `INSERT INTO context_session (dfid, data) VALUES ('f', '{"step": 1}'), (NULL, '{}')`,
  ]);
  return {
    dir: program.dir,
    run: (...argv: string[]) => program.run("state", "import", ...argv),
    [Symbol.dispose]: () => program[Symbol.dispose](),
  };
}

Deno.test("state import --dry-run says what would be imported, and makes no store", async () => {
  using place = newPlace();
  const { code, stdout } = await place.run("dir.db", "--dry-run", "--json");
  assertEquals([code, JSON.parse(stdout)], [0, {
    dry_run: true,
    changed: true,
    plan: [{ action: "import", target: "1 row of context_session" }],
  }]);
  assertEquals(Array.from(Deno.readDirSync(place.dir), ({ name }) => name), ["dir.db"]);
});

Deno.test("state import counts and names what it could not bring; once more changes nothing", async () => {
  using place = newPlace();
  const { code, stdout, stderr } = await place.run("dir.db", "--json");
  const answer = JSON.parse(stdout);
  assertEquals([code, answer.changed, answer.report.generation], [0, true, "G1"]);
  assertEquals(answer.report.tables.context_session, { found: 2, imported: 1, skipped: 1, already_there: 0 });
  assertStringIncludes(stderr, "context_session");
  const again = JSON.parse((await place.run("dir.db", "--json")).stdout);
  assertEquals([again.changed, again.report.imported_before], [false, true]);
});

Deno.test("state import tells people in a table", async () => {
  using place = newPlace();
  const { code, stdout } = await place.run("dir.db");
  assert(code === 0 && /^context_session +2 +1 +1 +0$/m.test(stdout), stdout);
  assertStringIncludes((await place.run("dir.db")).stdout, "imported before");
});
