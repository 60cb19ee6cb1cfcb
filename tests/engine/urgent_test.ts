import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { pruneStorage } from "../../core/engine/prune_storage.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { osFailure } from "../../core/host/os_failure.ts";
import { readBeginning } from "../../core/query/operations.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { StorageError } from "../../core/state/errors.ts";
import { wasStateUsed } from "../../core/state/was_state_used.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newWorld,
  placesOf,
  ROOT,
  runTask,
  type World,
} from "../support/world.ts";

const JOURNAL = `${ROOT}/core/journal.ndjson`;

/** A carrel on the world's machine whose state store cannot be opened. */
function withoutStore(world: World) {
  const damaged = new StorageError("the state store is damaged", { details: { reason: "damaged" } });
  return world.open({ openState: () => Promise.reject(damaged) });
}

async function newRunningTask() {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  return { world, ref: await runTask(world.carrel) };
}

Deno.test("a stop and a purge work without the store, warn, and are recorded by the next healthy operation", async () => {
  const { world, ref } = await newRunningTask();
  const other = await runTask(world.carrel);
  const stopped = await stopTask(await withoutStore(world), ref);
  assertEquals((await look(world.carrel, ref)).status, "stopped");
  const purged = await deleteTask(await withoutStore(world), ref, { purge: true });
  assertEquals((await loadTasks(world.carrel, DEMO)).tasks.length, 1);
  const warnings = world.notices.filter(({ kind }) => kind === "warning").map(({ text }) => text);
  assertEquals(warnings.length, 2);
  assertStringIncludes(warnings[0] ?? "", `the state store is damaged; this is recorded in ${JOURNAL}`);
  assertEquals(await world.state.lifecycle.getStatus(stopped.id), null);

  await renameTask(world.carrel, other, "healthy");
  assertEquals(await world.host.files.info(JOURNAL), null);
  for (const [op, verb] of [[stopped.id, "task stop"], [purged.op.id, "task delete"]] as const) {
    assertEquals(await world.state.lifecycle.getStatus(op), "CLOSED");
    const events = await world.state.decisionAudit.eventsForDfid(op);
    assertEquals([readBeginning(events)?.verb, readBeginning(events)?.task], [verb, ref.id]);
  }
});

Deno.test("what fails without the store is journaled as failed", async () => {
  const { world, ref } = await newRunningTask();
  const failing = await world.configure("demo", fakeProject({ fail_on: "states" }));
  const damaged = { ...failing, state: () => Promise.reject(new StorageError("damaged")) };
  const error = await assertRejects(() => stopTask(damaged, ref), AppError);
  assertEquals(error.exit, 9);
  await renameTask(world.carrel, ref, "healthy");
  const [flow] = await world.state.lifecycle.listFlows({ statuses: ["ABORTED"] });
  assert(flow !== undefined);
  const events = await world.state.decisionAudit.eventsForDfid(flow.dfid);
  assertEquals(events.map(({ event }) => event), ["operation.begun", "operation.ended"]);
});

Deno.test("any other change is refused without the store, and changes nothing", async () => {
  const { world, ref } = await newRunningTask();
  const before = await world.host.files.readText(placesOf(ref).dossier);
  const error = await assertRejects(
    async () => await renameTask(await withoutStore(world), ref, "x"),
    AppError,
  );
  assertEquals(error.exit, 10);
  assertEquals(await world.host.files.readText(placesOf(ref).dossier), before);
});

Deno.test("a journal with damaged lines is brought into the store, set aside and named", async () => {
  const { world, ref } = await newRunningTask();
  const torn = '{"at":"2026-09-14T10:15:30Z","op":"';
  world.host.files.put(JOURNAL, `{"op":"\\ud800","begun":{},"ended":{}}\n${torn}`);
  const { id } = await stopTask(await withoutStore(world), ref);
  const noise = crypto.getRandomValues(new Uint8Array(3000)).map((byte) => byte === 10 ? 0 : byte);
  await world.host.files.append(JOURNAL, noise, { mode: 0o600 });
  const damaged = await world.host.files.read(JOURNAL);

  await renameTask(world.carrel, ref, "healthy");
  assertEquals(await world.state.lifecycle.getStatus(id), "CLOSED");
  const [aside, ...others] = (await world.host.files.list(`${ROOT}/core`)).map(({ name }) => name)
    .filter((name) => name.startsWith("journal"));
  assertEquals(others, []);
  assertEquals(await world.host.files.read(`${ROOT}/core/${aside}`), damaged);
  const expected = `3 lines of the journal could not be read; it is kept as ${ROOT}/core/${aside}`;
  assertEquals(world.notices.at(-1), { kind: "warning", text: expected });
  await renameTask(world.carrel, ref, "healthy-still");
  assertEquals(world.notices.at(-1)?.text, expected);
});

Deno.test("a journal that cannot be read keeps nothing from being done", async () => {
  const { world, ref } = await newRunningTask();
  world.host.files.putDir(JOURNAL);
  await renameTask(world.carrel, ref, "renamed");
  assertEquals((await look(world.carrel, ref)).name, "renamed");
  assertEquals(await world.state.lifecycle.listFlows({ statuses: ["CREATED", "ACTIVE"] }), []);
  assertStringIncludes(world.notices.at(-1)?.text ?? "", "what the journal records is not in the store: ");
  assertStringIncludes(world.notices.at(-1)?.text ?? "", JOURNAL);
});

Deno.test("what is urgent does not say of a half made store that something was recorded in it", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const carrel = await withoutStore(world);
  world.host.files.put(carrel.paths.stateDb, "half made");
  await pruneStorage(carrel);
  assertEquals(await wasStateUsed(world.host.files, carrel.paths), false);
});

Deno.test("what is urgent keeps the word that something was recorded in an emptied store", async () => {
  const { world, ref } = await newRunningTask();
  const carrel = await withoutStore(world);
  world.host.files.put(carrel.paths.stateDb, "");
  await stopTask(carrel, ref);
  assertEquals(await wasStateUsed(world.host.files, carrel.paths), true);
});

/** A disk of blocks: what is written takes them, what is removed gives them back. */
function newSmallDisk(world: World) {
  const { files } = world.host;
  const block = 4096;
  let free = Infinity;
  const used = () =>
    Object.values(files.snapshot()).reduce((sum, text) => sum + Math.ceil(text.length / block) * block, 0);
  /** What a write does to the disk; one that has no room for it leaves no trace. */
  const within = async (path: string, write: () => Promise<void>) => {
    const earlier = await files.info(path) === null ? null : await files.read(path);
    const before = used();
    await write();
    const taken = used() - before;
    if (taken <= free) return void (free -= taken);
    if (earlier === null) await files.removeFile(path);
    else files.put(path, earlier, 0o600);
    throw osFailure("ENOSPC", `write ${path}`);
  };
  const freeing = async <Result>(remove: () => Promise<Result>) => {
    const before = used();
    const result = await remove();
    free += before - used();
    return result;
  };
  const { processes } = world.host;
  const host = {
    ...world.host,
    files: {
      ...files,
      create: (...args: Parameters<typeof files.create>) => within(args[0], () => files.create(...args)),
      append: (...args: Parameters<typeof files.append>) => within(args[0], () => files.append(...args)),
      removeFile: (path: string) => freeing(() => files.removeFile(path)),
      rename: (from: string, to: string) => freeing(() => files.rename(from, to)),
    },
    processes: {
      ...processes,
      run: (spec: Parameters<typeof processes.run>[0]) => freeing(() => processes.run(spec)),
    },
  };
  return { host, fill: () => void (free = 0) };
}

/** A carrel whose disk has no room, nor has it for the state store. */
async function onFullDisk(world: World) {
  const disk = newSmallDisk(world);
  const full = new StorageError("no space left on the disk", { code: "disk_full" });
  const carrel = await world.open({ host: disk.host, openState: () => Promise.reject(full) });
  const reserveBytes = async () => (await world.host.files.info(`${ROOT}/core/reserve`))?.sizeBytes ?? 0;
  return { carrel, fill: disk.fill, reserveBytes };
}

/** Tasks that ran and were stopped: the simulated engine keeps its containers in a file of its own. */
async function newStoppedTasks(count: number) {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const refs = [];
  for (let made = 0; made < count; made++) {
    const ref = await runTask(world.carrel);
    await stopTask(world.carrel, ref);
    world.host.files.put(`${placesOf(ref).dir}/workspace/data`, "x".repeat(200_000));
    refs.push(ref);
  }
  return { world, refs };
}

Deno.test("each purge on a full disk has the space of the reserve, and what it frees makes a new one", async () => {
  const { world, refs } = await newStoppedTasks(3);
  const { carrel, fill, reserveBytes } = await onFullDisk(world);
  for (const ref of refs) {
    assertEquals(await reserveBytes(), 65_536);
    fill();
    await deleteTask(carrel, ref, { purge: true });
    assertEquals(await world.host.files.info(placesOf(ref).dir), null);
  }
  assertEquals(await reserveBytes(), 65_536);
});

Deno.test("what the journal leaves of the reserve on a full disk is kept, until there is room again", async () => {
  const { world, refs: [ref] } = await newStoppedTasks(1);
  assert(ref !== undefined);
  const { carrel, fill, reserveBytes } = await onFullDisk(world);
  const left: number[] = [];
  // A block of the journal has room for several lines.
  for (let stop = 0; left.length < 3; stop++) {
    fill();
    const before = await reserveBytes();
    await stopTask(carrel, ref);
    if (await reserveBytes() !== before) left.push(await reserveBytes());
    assert(stop < 100);
  }
  assertEquals(left, [32_768, 16_384, 8192]);
  assertEquals(world.notices.filter(({ text }) => text.includes("recorded nowhere")), []);
  await runTask(world.carrel);
  assertEquals(await reserveBytes(), 65_536);
});
