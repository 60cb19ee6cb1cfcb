import { assert, assertEquals, assertRejects } from "@std/assert";
import { isAppError } from "../../../core/error.ts";
import { importReference } from "../../../core/state/import/import_reference.ts";
import { StorageError } from "../../../core/state/errors.ts";
import { type FaultPlan, HostDied, newFaultyHost } from "../../support/faulty_host.ts";
import { G1 } from "./reference_schemas.ts";
import { filesBelow, newScene, type Scene, writeSql } from "./scene.ts";

const ROWS = [
  `INSERT INTO context_session (dfid, data) VALUES ('f', '1')`,
  `INSERT INTO decision_audit_events (dfid, event, timestamp) VALUES ('f', 'E', '2025-01-01T00:00:00.000000Z')`,
];

/** Imports on a machine that goes wrong; how many of its writing calls there were. */
async function importOn(scene: Scene, plan?: FaultPlan): Promise<{ calls: number; error: unknown }> {
  const host = newFaultyHost(scene.host, plan);
  const error = await importReference(scene.file, scene.stateDb, host).then(() => null, (thrown) => thrown);
  return { calls: host.calls, error };
}

async function held(scene: Scene): Promise<[session: string | null, events: number]> {
  await using stores = await scene.open();
  const events = await stores.decisionAudit.allEventsChronological();
  return [await stores.context.getSession("f"), events.length];
}

async function countCalls(): Promise<number> {
  await using scene = newScene(...G1, ...ROWS);
  return (await importOn(scene)).calls;
}

Deno.test("importReference() that fails, or dies, at any writing call has changed nothing; the next one does it all", async (test) => {
  const calls = await countCalls();
  assert(calls > 5, `${calls} writing calls`);
  for (const how of ["disk_full", "storage_failed", "death"] as const) {
    for (let at = 1; at <= calls; at++) {
      await test.step(`${how} at ${at}`, async () => {
        await using scene = newScene(...G1, ...ROWS);
        const before = filesBelow(`${scene.dir}/reference`);
        const { error } = await importOn(scene, { at, with: how, leaving: "half" });
        assert(how === "death" ? error instanceof HostDied : isAppError(error, how), String(error));
        assertEquals(filesBelow(`${scene.dir}/reference`), before);
        assertEquals(await held(scene), [null, 0]);
        assertEquals((await scene.import()).rows.sessions, { before: 0, after: 1 });
        assertEquals(await held(scene), ["1", 1]);
      });
    }
  }
});

Deno.test("importReference() that cannot write the last row writes none", async () => {
  await using scene = newScene(
    ...G1,
    ...ROWS,
    `INSERT INTO flow_transitions (dfid, to_status) VALUES ('f', 'CREATED')`,
  );
  await (await scene.open()).close();
  writeSql(scene.stateDb, [
    "CREATE TRIGGER no BEFORE INSERT ON transitions BEGIN SELECT raise(ABORT, 'no'); END",
  ]);
  const error = await assertRejects(() => scene.import(), StorageError);
  assert(error.message.includes(scene.stateDb), error.message);
  assertEquals(await held(scene), [null, 0]);
  writeSql(scene.stateDb, ["DROP TRIGGER no"]);
  assertEquals((await scene.import()).imported_before, false, "a failed import is not remembered");
});
