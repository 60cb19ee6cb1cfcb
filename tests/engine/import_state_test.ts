import { assertEquals, assertRejects } from "@std/assert";
import { importState } from "../../core/engine/import_state.ts";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { openCarrel } from "../../core/open_carrel.ts";
import { sqliteStorage } from "../../core/state/sqlite/sqlite_storage.ts";
import { G1 } from "../state/import/reference_schemas.ts";
import { writeSql } from "../state/import/scene.ts";

/** A carrel in a directory of its own that was started in that directory. */
async function newPlace() {
  const dir = Deno.makeTempDirSync({ prefix: "carrel-import-" });
  const real = newDenoHost();
  const host = { ...real, system: { ...real.system, cwd: dir } };
  const carrel = await openCarrel({ root: `${dir}/root`, configDir: `${dir}/config`, host });
  return { dir, carrel, [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }) };
}

Deno.test("importState() brings a file into the carrel's own database, which it makes", async () => {
  await using place = await newPlace();
  writeSql(`${place.dir}/dir.db`, [...G1, `INSERT INTO context_session (dfid, data) VALUES ('f', '1')`]);
  const { report: rehearsed } = await importState(place.carrel, "dir.db", { dryRun: true });
  assertEquals(Array.from(Deno.readDirSync(place.dir), ({ name }) => name), ["dir.db"]);
  const { report, op } = await importState(place.carrel, "dir.db");
  assertEquals([report.tables, report.problems, op.changed], [rehearsed.tables, rehearsed.problems, true]);
  assertEquals((await importState(place.carrel, "dir.db")).op.changed, false);
  assertEquals([report.generation, report.rows.sessions], ["G1", { before: 0, after: 1 }]);
  await using stores = await sqliteStorage(place.carrel.paths.stateDb);
  assertEquals(await stores.context.getSession("f"), "1");
});

Deno.test("importState() refuses the carrel's own database, and what is not there", async () => {
  await using place = await newPlace();
  const { carrel } = place;
  const missing = await assertRejects(() => importState(carrel, "dir.db"), AppError);
  assertEquals([missing.code, missing.exit, missing.details.reason], ["storage_failed", 10, "not_found"]);
  assertEquals(missing.details.path, `${place.dir}/dir.db`);
  await (await sqliteStorage(carrel.paths.stateDb)).close();
  const ours = await assertRejects(() => importState(carrel, carrel.paths.stateDb), AppError);
  assertEquals([ours.exit, ours.details.reason], [10, "ours"]);
});
