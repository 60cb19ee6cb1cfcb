import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { keepReserve } from "../core/engine/reserve.ts";
import { AppError } from "../core/error.ts";
import { newDenoHost } from "../core/host/deno_host.ts";
import { newMemoryHost } from "../core/host/memory_host.ts";
import { openCarrel } from "../core/open_carrel.ts";
import { HostDied } from "./support/faulty_host.ts";

/** A carrel on the real disk, with nothing in it. */
async function newPlace() {
  const dir = await Deno.makeTempDir({ prefix: "carrel-open-" });
  const open = (host = newDenoHost()) =>
    openCarrel({ root: `${dir}/root`, configDir: `${dir}/config`, host });
  return {
    dir,
    open,
    db: `${dir}/root/core/state.db`,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

Deno.test("existingState() makes nothing where nothing was recorded", async () => {
  await using place = await newPlace();
  await using carrel = await place.open();
  assertEquals(await carrel.existingState(), null);
  assertEquals(Array.from(Deno.readDirSync(place.dir)), []);
  // Asked again, it looks again.
  await (await carrel.state()).context.setSession("flow", "1");
  await using other = await place.open();
  assertEquals(await (await other.existingState())?.context.getSession("flow"), "1");
});

Deno.test("existingState() reads, and cannot write until state() was called", async () => {
  await using place = await newPlace();
  {
    await using carrel = await place.open();
    await (await carrel.state()).context.setSession("flow", "1");
  }
  await using carrel = await place.open();
  const toRead = await carrel.existingState();
  assert(toRead !== null);
  assertStrictEquals(await carrel.existingState(), toRead);
  const error = await assertRejects(() => toRead.context.setSession("flow", "2"), AppError);
  assertEquals(error.code, "permission_denied");
  const state = await carrel.state();
  assertStrictEquals(await carrel.existingState(), state);
  await state.context.setSession("flow", "2");
  assertEquals(await toRead.context.getSession("flow"), "2");
});

Deno.test("closing leaves one file, whichever way it was open", async () => {
  await using place = await newPlace();
  const carrel = await place.open();
  await carrel.state();
  await carrel.close();
  await carrel.existingState();
  await (await carrel.state()).context.setSession("flow", "1");
  await carrel.close();
  assertEquals(Array.from(Deno.readDirSync(`${place.dir}/root/core`), ({ name }) => name), ["state.db"]);
  assertEquals(await (await carrel.existingState())?.context.getSession("flow"), "1");
  await carrel.close();
});

Deno.test("existingState() tells of a store that cannot be read, each time", async () => {
  await using place = await newPlace();
  await Deno.mkdir(`${place.dir}/root/core`, { recursive: true });
  await Deno.writeTextFile(place.db, "to whom it may concern\n".repeat(300));
  await using carrel = await place.open();
  for (let time = 0; time < 2; time++) {
    const error = await assertRejects(() => carrel.existingState(), AppError);
    assertEquals([error.code, error.exit], ["storage_failed", 10]);
  }
});

Deno.test("existingState() in memory is what state() has made", async () => {
  await using carrel = await openCarrel({ root: "/r", configDir: "/c", host: newMemoryHost() });
  assertEquals(await carrel.existingState(), null);
  const state = await carrel.state();
  await state.context.setSession("flow", "1");
  await carrel.close();
  assertEquals(await (await carrel.existingState())?.context.getSession("flow"), "1");
});

Deno.test("who is killed making the store anew, where somebody has removed it, leaves none that has lost anything", async () => {
  await using place = await newPlace();
  const host = newDenoHost();
  await using carrel = await place.open();
  await carrel.state();
  await carrel.close();
  await keepReserve(carrel);
  await Deno.writeFile(place.db, new Uint8Array());
  const emptied = await assertRejects(() => carrel.state(), AppError);
  assertEquals(emptied.details.reason, "damaged");
  await Deno.remove(place.db);

  const files = {
    ...host.files,
    create: async (...args: Parameters<typeof host.files.create>) => {
      await host.files.create(...args);
      throw new HostDied();
    },
  };
  await using killed = await place.open({ ...host, files });
  await assertRejects(() => killed.state(), HostDied);
  assertEquals((await Deno.stat(place.db)).size, 0);
  await (await carrel.state()).context.setSession("flow", "1");
});
