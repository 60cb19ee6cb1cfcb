import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { StorageError } from "../../../core/state/errors.ts";
import { ContextStore } from "../../../core/state/managers/context_store.ts";
import { atOnce, type Scene, testOnBackends, withDbPath } from "./scene.ts";

const contextOf = ({ stores }: Scene) => new ContextStore({ storage: stores.context });

Deno.test("ContextStore C1 refuses to be without a store", () => {
  assertThrows(() => new ContextStore(), AppError, "Provide either");
  assertThrows(() => new ContextStore(null, {}), AppError, "Provide either");
});

testOnBackends("ContextStore C2 C3 C4 merges sessions and states, top level only", async (scene) => {
  const context = contextOf(scene);
  assertEquals([await context.getSession("df1"), await context.getState("bot")], [{}, {}]);
  await context.updateSession("df1", { a: 1, deep: { x: 1 } });
  assertEquals(await context.updateSession("df1", { b: 2, deep: { y: 2 } }), { a: 1, deep: { y: 2 }, b: 2 });
  assertEquals(await context.getSession("df1"), { a: 1, deep: { y: 2 }, b: 2 });
  await context.updateState("bot", { s: 1 });
  assertEquals(await context.updateState("bot", { t: "ż" }), { state: { s: 1, t: "ż" }, version: 2 });
  assertEquals(await context.getState("bot"), { s: 1, t: "ż" });
});

testOnBackends("ContextStore.compileWorkingContext() C5 has exactly these parts", async (scene) => {
  const context = contextOf(scene);
  await context.updateSession("df1", { a: 1 });
  await context.updateState("bot", { s: 1 });
  assertEquals(await context.compileWorkingContext("bot", "df1"), {
    meta: { agent_id: "bot", dfid: "df1", source: "ContextStore" },
    session: { a: 1 },
    state: { s: 1 },
    memory: {},
    artifacts: {},
  });
  const empty = await context.compileWorkingContext("nobody", "none");
  assertEquals([empty.session, empty.state], [{}, {}]);
});

Deno.test("ContextStore C6 finds what another one wrote to the same file", () =>
  withDbPath(async (dbPath) => {
    {
      await using first = new ContextStore(dbPath);
      await first.updateSession("df1", { a: 1 });
    }
    await using second = new ContextStore({ dbPath });
    assertEquals(await second.getSession("df1"), { a: 1 });
  }));

testOnBackends("ContextStore B5 loses no update of parallel callers", async (scene) => {
  const context = contextOf(scene);
  await atOnce(40, (index) => context.updateSession("df1", { [`key${index}`]: index }));
  await atOnce(40, (index) => context.updateState("bot", { [`key${index}`]: index }));
  assertEquals(Object.keys(await context.getSession("df1")).length, 40);
  const { state, version } = await context.getStateVersioned("bot");
  assertEquals([Object.keys(state).length, version], [40, 40]);
});

testOnBackends("ContextStore.compareAndSetState() D8 lets one of two writers win", async (scene) => {
  const context = contextOf(scene);
  assertEquals(await context.getStateVersioned("bot"), { state: {}, version: 0 });
  const wins = await atOnce(5, (index) => context.compareAndSetState("bot", 0, { index }));
  assertEquals(wins.filter((version) => version !== null), [1]);
  assertEquals(await context.compareAndSetState("bot", 0, {}), null);
  assertEquals(await context.compareAndSetState("bot", 1, { second: true }), 2);
  assertEquals(await context.getStateVersioned("bot"), { state: { second: true }, version: 2 });
});

testOnBackends("ContextStore names what is no object", async (scene) => {
  await scene.stores.context.setSession("df1", "5");
  await scene.stores.context.setSession("df2", "");
  await assertRejects(() => contextOf(scene).getSession("df1"), StorageError);
  await assertRejects(() => contextOf(scene).updateSession("df1", { a: 1 }), StorageError);
  assertEquals(await contextOf(scene).getSession("df2"), {});
});
