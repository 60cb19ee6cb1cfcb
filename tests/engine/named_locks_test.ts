import { assertEquals, assertRejects } from "@std/assert";
import { acquireLock } from "../../core/engine/named_locks.ts";
import { AppError } from "../../core/error.ts";
import { newWorld } from "../support/world.ts";

Deno.test("a lock whose time is over before it can be answered was not obtained", async () => {
  const { carrel, state } = await newWorld();
  const error = await assertRejects(() => acquireLock(carrel, { name: "deploy", ttlMs: 0.001 }), AppError);
  assertEquals(error.code, "lock_timeout");
  assertEquals(await state.resourceLock.listLocks(), []);
});

Deno.test("a lock for a time says when it ends", async () => {
  const { carrel, state } = await newWorld();
  const { expires_at } = await acquireLock(carrel, { name: "deploy", ttlMs: 60_000 });
  assertEquals((await state.resourceLock.listLocks()).map((row) => row.expires_at), [expires_at]);
});
