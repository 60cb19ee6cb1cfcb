import { assertEquals, assertRejects } from "@std/assert";
import { changeContext, type ContextChange } from "../../core/engine/change_context.ts";
import { AppError } from "../../core/error.ts";
import { newWorld } from "../support/world.ts";

const STATE = { scope: "state", key: "codex" } as const;
const SESSION = { scope: "session", key: "flow" } as const;

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, AppError)).code;
}

Deno.test("changeContext() sets and merges, and keeps every digit", async () => {
  const { carrel, state: { context } } = await newWorld();
  const change = async (request: ContextChange) => (await changeContext(carrel, request)).version;
  assertEquals(await change({ ...STATE, how: "set", json: '{"a":9007199254740993}' }), 1);
  assertEquals(await change({ ...STATE, how: "merge", json: '{"b":1.0}' }), 2);
  assertEquals(await context.getStateVersioned("codex"), {
    data: '{"a": 9007199254740993, "b": 1.0}',
    version: 2,
  });
  assertEquals(await change({ ...SESSION, how: "set", json: "{}" }), null);
  assertEquals(await change({ ...SESSION, how: "merge", json: '{"x":1}' }), null);
  assertEquals(await context.getSession("flow"), '{"x": 1}');
});

Deno.test("changeContext() changes only the version that is expected", async () => {
  const { carrel, state: { context } } = await newWorld();
  const set = (ifVersion: number, how: "set" | "merge" = "set") => () =>
    changeContext(carrel, { ...STATE, how, json: `{"v":${ifVersion}}`, ifVersion });
  assertEquals(await codeOf(set(1)), "conflict");
  assertEquals((await set(0)()).version, 1);
  assertEquals(await codeOf(set(0)), "conflict");
  assertEquals(await codeOf(set(0, "merge")), "conflict");
  assertEquals((await set(1, "merge")()).version, 2);
  assertEquals(await context.getState("codex"), '{"v": 1}');
});

Deno.test("changeContext() loses none of many changes made at once", async () => {
  const { carrel, state: { context } } = await newWorld();
  const merges = Array.from(
    { length: 20 },
    (_, at) => changeContext(carrel, { ...STATE, how: "merge", json: `{"k${at}":${at}}` }),
  );
  const versions = (await Promise.all(merges)).map(({ version }) => version ?? 0);
  assertEquals(versions.sort((a, b) => a - b), Array.from({ length: 20 }, (_, at) => at + 1));
  assertEquals(Object.keys(JSON.parse(await context.getState("codex") ?? "")).length, 20);
});

Deno.test("changeContext() does not merge into what is no object, nor anything in a dry run", async () => {
  const { carrel, state: { context } } = await newWorld();
  await context.setSession("flow", "[1]");
  await context.setState("codex", "7");
  for (const dryRun of [true, false]) {
    for (const place of [STATE, SESSION]) {
      const merge = () => changeContext(carrel, { ...place, how: "merge", json: "{}" }, { dryRun });
      assertEquals(await codeOf(merge), "invalid_value");
    }
  }
  const { op } = await changeContext(carrel, { ...STATE, how: "set", json: "{}" }, { dryRun: true });
  assertEquals([op.changed, await context.getState("codex")], [true, "7"]);
});
