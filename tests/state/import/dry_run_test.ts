import { assertEquals } from "@std/assert";
import type { Schema } from "../../../core/state/sqlite/migrate.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { SCHEMA } from "../../../core/state/sqlite/schema.ts";
import { G0, G1, G2 } from "./reference_schemas.ts";
import { filesBelow, newScene } from "./scene.ts";
import { NOISE } from "./noise.ts";

for (const [name, schema] of Object.entries({ G0, G1, G2 })) {
  Deno.test(`importReference() in a dry run of ${name} answers the same and writes nothing`, async () => {
    await using scene = newScene(...schema, ...NOISE);
    const before = filesBelow(scene.dir);
    const rehearsed = await scene.import({ dryRun: true });
    assertEquals(filesBelow(scene.dir), before, "not even our own database was made");
    assertEquals(await scene.import(), rehearsed);
  });
}

Deno.test("importReference() in a dry run brings our database to no newer schema", async () => {
  await using scene = newScene(...G1, ...NOISE);
  const first: Schema = {
    migrations: SCHEMA.migrations.slice(0, 1),
    tables: SCHEMA.tables.filter((table) => table !== "imports"),
  };
  await (await openDatabase(scene.stateDb, scene.host, { schema: first })).close();
  const before = filesBelow(scene.dir);
  const rehearsed = await scene.import({ dryRun: true });
  assertEquals(filesBelow(scene.dir), before);
  assertEquals(await scene.import(), rehearsed);
});

Deno.test("importReference() in a dry run counts what is here, and leaves it", async () => {
  await using scene = newScene(...G1, ...NOISE);
  {
    await using stores = await scene.open();
    await stores.agentRegistry.upsertAgent("zoe", "{}", 1, "ACTIVE", null, null);
    await stores.lifecycle.recordTransition("f", null, "ACTIVE");
    await stores.decisionAudit.record("f", "OURS");
  }
  const before = filesBelow(scene.dir);
  const rehearsed = await scene.import({ dryRun: true });
  assertEquals(filesBelow(scene.dir), before);
  assertEquals(rehearsed.rows.agents, { before: 1, after: 2 });
  assertEquals(await scene.import(), rehearsed);
  assertEquals((await scene.import({ dryRun: true })).imported_before, true);
});
