/**
 * Owners that are stopped (SIGSTOP) and go on later, as processes of their own.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals } from "@std/assert";
import { sqliteStorage } from "../../core/state/mod.ts";
import { newCarrelProgram } from "../support/carrel_program.ts";
import { FLOW, take, type Taken, write } from "../support/lease_owner.ts";
import { startLineProcess } from "../support/line_process.ts";

const LEASE_MS = 300;
const LOCK_TIMEOUT = 6;

function start(program: string, ...args: string[]) {
  const path = fromFileUrl(import.meta.resolve(`../support/${program}`));
  return startLineProcess(Deno.execPath(), ["run", "--no-check", "-q", "-A", path, ...args]);
}

Deno.test("an owner that was stopped past its lease cannot write when it goes on", async () => {
  const dir = await Deno.makeTempDir({ prefix: "carrel-stopped-" });
  await using stores = await sqliteStorage(join(dir, "state.db"));
  await stores.saga.markDirty(FLOW, "a step", "{}");
  const owner = start("lease_owner.ts", join(dir, "state.db"), "stopped", `${LEASE_MS}`);
  try {
    await owner.send("take");
    const first = (await owner.next()) as Taken;
    assertEquals([first.key, first.compensation, first.token > 0], [true, true, true]);
    owner.signal("SIGSTOP");
    const second = await takeOver(stores);
    assert(second.token > first.token, "a later hold has a greater token");
    owner.signal("SIGCONT");
    await owner.send("write");
    const nothing = { completed: false, finished: false, renewed: false, released: false };
    assertEquals(await owner.next(), nothing);
    const all = { completed: true, finished: true, renewed: true, released: true };
    assertEquals(await write(stores, "next", second), all);
    assertEquals(await stores.idempotency.get(FLOW), { by: "next" });
  } finally {
    await owner.end("SIGKILL");
    await Deno.remove(dir, { recursive: true });
  }
});

/** Each of the three is taken as soon as the stopped owner's lease is over. */
async function takeOver(stores: Parameters<typeof take>[0]): Promise<Taken> {
  let got: Taken = { key: false, compensation: false, token: 0 };
  while (!got.key || !got.compensation || got.token === 0) {
    const more = await take(stores, "next", 3_600_000);
    got = {
      key: got.key || more.key,
      compensation: got.compensation || more.compensation,
      token: Math.max(got.token, more.token),
    };
  }
  return got;
}

Deno.test("a process that was stopped in the middle of a change keeps the task's lock", async () => {
  await using carrel = await newCarrelProgram();
  const [root, config] = [join(carrel.place, "root"), join(carrel.place, "config")];
  await carrel.run(["project", "new", "demo", "--runtime", "fake"]);
  const { task: { task_id: id } } = await carrel.json(["task", "new", "demo"]) as {
    readonly task: { readonly task_id: string };
  };
  const rename = ["task", "rename", `demo/${id}`, "late", "--lock-timeout", "0"];
  const nameOf = async () =>
    (await carrel.json(["task", "status", `demo/${id}`]) as { readonly name: string }).name;
  const holder = start("task_holder.ts", root, config, "demo", id, "early");
  try {
    assertEquals(await holder.next(), "held");
    holder.signal("SIGSTOP");
    const before = await nameOf();
    assertEquals((await carrel.run(rename)).code, LOCK_TIMEOUT);
    assertEquals(await nameOf(), before);
    holder.signal("SIGCONT");
    await holder.send("go on");
    assertEquals(await holder.next(), "written");
    assertEquals(await nameOf(), "early");
    assertEquals((await carrel.run(rename)).code, 0);
    assertEquals(await nameOf(), "late");
  } finally {
    await holder.end();
  }
});
