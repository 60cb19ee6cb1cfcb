import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { deleteProject } from "../../../core/engine/delete_project.ts";
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { examine, toFinding } from "../../../core/engine/doctor/examine.ts";
import { repair } from "../../../core/engine/doctor/repair.ts";
import { renameTask } from "../../../core/engine/rename_task.ts";
import { AppError } from "../../../core/error.ts";
import { parseTaskId } from "../../../core/identity/task_id.ts";
import { StorageError } from "../../../core/state/errors.ts";
import { fakePlugin } from "../../../plugins/fake.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newTask,
  newWorld,
  placesOf,
  ROOT,
  runTask,
} from "../../support/world.ts";
import { containerNames, editEngine } from "./spoilable.ts";

const SILENT = fakeWith(() => ({
  states: () => Promise.reject(new AppError("runtime_failed", "the engine does not answer")),
}));

Deno.test("a runtime that does not answer is a finding where tasks need it, and a notice elsewhere", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  await newTask(world.carrel);
  const plugins = [SILENT];
  const unused = await world.open({ plugins });
  assertEquals(await examine(unused), []);
  assertEquals(world.notices.map(({ kind }) => kind), ["notice"]);
  assertMatch(
    world.notices[0]?.text ?? "",
    /^it is not known whether runtime fake has containers of old tasks: /,
  );
  await runTask(world.carrel, { command: ["work"] });
  const [finding, ...others] = (await examine(await world.open({ plugins }))).map(toFinding);
  assertEquals(others, []);
  assertEquals([finding?.code, finding?.where, finding?.fix], ["not_checked", "runtime fake", null]);
  assertMatch(finding?.what ?? "", /the engine does not answer/);
});

Deno.test("a task whose record names a runtime that there is none of is named, with its file and what to do", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel);
  const { bookkeeping } = placesOf(ref);
  const text = await world.host.files.readText(bookkeeping);
  world.host.files.put(bookkeeping, text.replace("runtime: fake", "runtime: fakf"));
  const findings = (await examine(await world.open())).map(toFinding);
  const [unknown, stray, ...others] = findings;
  assertEquals(others, []);
  assertEquals([unknown?.code, unknown?.where, unknown?.fix], ["runtime_unknown", `demo/${ref.id}`, null]);
  for (const words of ["fakf", bookkeeping, "one of: fake", `carrel task delete --purge demo/${ref.id}`]) {
    assertStringIncludes(unknown?.what ?? "", words);
  }
  assertEquals([stray?.code, stray?.fix], ["stray_container", null]);
});

Deno.test("bookkeeping is not written anew as long as the runtime does not tell", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel, { command: ["work"] });
  const { bookkeeping } = placesOf(ref);
  world.host.files.put(bookkeeping, "mode: [");
  const { findings } = await repair(await world.open({ plugins: [SILENT] }));
  const treated = findings.find(({ code }) => code === "bookkeeping_damaged");
  assertEquals([treated?.fixed, treated?.outcome], [false, "the engine does not answer"]);
  assertEquals(world.host.files.snapshot()[bookkeeping], "mode: [");
  await repair(await world.open());
  assertEquals((await look(await world.open(), ref)).status, "running");
});

Deno.test("records of the reference and of people are not measured by what carrel writes", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await newTask(world.carrel, { labels: { team: "web" } });
  const { bookkeeping, dir } = placesOf(ref);
  const { files } = world.host;
  const own = await files.readText(bookkeeping);
  const created = "created_at: '2026-09-14T08:21:33+00:00'";
  for (
    const text of [
      own.trimEnd(),
      own.slice(0, own.indexOf("labels:")),
      `${own}ready_at:`,
      `mode: cli\nworkspace: ${dir}\nweb_port:\n${created}\n`,
      `mode: cli\n${created}`,
    ]
  ) {
    files.put(bookkeeping, text);
    assertEquals((await examine(await world.open())).map(toFinding), [], text);
  }
  // Nothing is on record of this one.
  const foreign = placesOf({ project: DEMO, id: parseTaskId("k7m2x") });
  files.put(`${foreign.dir}/workspace-dangerous/a.txt`, "");
  files.put(foreign.dossier, '{"project": "demo", "task": "k7m2x"}');
  files.put(bookkeeping, own);
  files.put(foreign.bookkeeping, "mode: cli\n");
  assertEquals((await examine(await world.open())).map(toFinding), []);
});

Deno.test("a name is taken from what is left of the dossier, then from the history, and its loss is told", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await newTask(world.carrel, { name: "First one" });
  await renameTask(world.carrel, ref, "second");
  const unnamed = await runTask(world.carrel, { command: ["work"] });
  const mend = async (task: typeof ref, text: string): Promise<unknown[]> => {
    world.host.files.put(placesOf(task).dossier, text);
    const { findings } = await repair(await world.open());
    const { name } = await look(await world.open(), task);
    return [name, findings[0]?.outcome?.replace(/;.*/, "")];
  };
  assertEquals(await mend(ref, '{"project": "demo", "na'), [
    "second",
    'written anew, with the name "second" from the operations on record',
  ]);
  assertEquals(await mend(ref, '{"project": "demo", "name": "by-hand",'), [
    "by-hand",
    'written anew, with the name "by-hand" that the record still says',
  ]);
  assertEquals(await mend(unnamed, "{"), [
    "",
    "written anew, without the name, which nothing tells any more",
  ]);
});

Deno.test("containers of tasks that were purged, and of projects that were deleted, are known by the history", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS), other: fakeProject() } });
  // As after a removal that failed.
  const stubborn = fakeWith(() => ({
    remove: (names) =>
      Promise.resolve(names.map((name) => ({ name, removed: false, error: "device or resource busy" }))),
  }));
  const purged = await runTask(world.carrel, { command: ["work"] });
  const { incomplete } = await deleteTask(await world.open({ plugins: [stubborn] }), purged, {
    purge: true,
  });
  assertEquals(incomplete, true);
  const [finding] = (await examine(await world.open())).map(toFinding);
  assertEquals([finding?.code, finding?.where], ["orphan_container", `demo/${purged.id}`]);
  const kept = await runTask(world.carrel, { command: ["work"] });
  await deleteProject(await world.open({ plugins: [stubborn] }), DEMO, { withTasks: true });
  const names = await containerNames(world);
  assertEquals(names, [purged, kept].map(({ id }) => `demo-run-${id}`).sort());
  const { findings } = await repair(await world.open());
  assertEquals(findings.map(({ code, fixed }) => [code, fixed]), [
    ["orphan_container", true],
    ["orphan_container", true],
  ]);
  assertEquals(await containerNames(world), []);
  assertEquals(await examine(await world.open()), []);
});

Deno.test("a container is not removed because record and directory of its task are lost", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel, { command: ["work"] });
  const { dossier, bookkeeping, dir } = placesOf(ref);
  for (const path of [dossier, bookkeeping]) await world.host.files.removeFile(path);
  await world.host.files.rename(dir, `${ROOT}/elsewhere`);
  const found = (await examine(await world.open())).filter(({ where }) => where === `demo/${ref.id}`);
  assertEquals(found.map(({ code, fix }) => [code, fix]), [["unknown_container", null]]);
  await repair(await world.open());
  assertEquals(await containerNames(world), [`demo-run-${ref.id}`]);
});

Deno.test("a container that has run is not removed because a record says that its task never ran", async () => {
  const world = await newWorld();
  const ref = await runTask(world.carrel, { command: ["work"] });
  await world.host.clock.advance(1000);
  const { bookkeeping, dir } = placesOf(ref);
  world.host.files.put(bookkeeping, `mode:\nworkspace: ${dir}\ncreated_at: '2026-09-14T08:21:33+00:00'\n`);
  const found = (await examine(await world.open())).map(toFinding);
  assertEquals(found.map(({ code, fix }) => [code, fix]), [["stray_container", null]]);
  await repair(await world.open());
  assertEquals(await containerNames(world), [`demo-run-${ref.id}`]);
});

Deno.test("what somebody is at is no finding, and is not put right before they are done", async () => {
  const world = await newWorld();
  const ref = await newTask(world.carrel);
  await world.host.files.removeFile(placesOf(ref).dossier);
  const found = await examine(await world.open());
  assertEquals(found.length, 1);
  const lock = await world.host.files.lock(`${ROOT}/core/locks/demo/${ref.id}.lock`, { timeoutMs: 0 });
  assertEquals(await examine(await world.open()), []);
  let said: string | undefined;
  const mending = found[0]?.repair?.().then((outcome) => said = outcome);
  // Whoever held it has put it right.
  world.host.files.put(
    placesOf(ref).dossier,
    JSON.stringify({ project: "demo", task: ref.id, name: "mine" }),
  );
  await lock.release();
  await mending;
  assertEquals(said, "right already");
  assertEquals((await look(await world.open(), ref)).name, "mine");
});

Deno.test("a journal that waits for the store is found, and brought into it", async () => {
  const world = await newWorld();
  const ref = await newTask(world.carrel);
  const damaged = new StorageError("the file is damaged");
  const without = await world.open({ openState: () => Promise.reject(damaged) });
  await deleteTask(without, ref, { purge: true });
  assertEquals((await examine(without)).map(({ code }) => code), ["state_unusable"]);
  const [finding, ...others] = await examine(await world.open());
  assertEquals([finding?.code, finding?.where, others], [
    "journal_pending",
    `${ROOT}/core/journal.ndjson`,
    [],
  ]);
  assertEquals(await finding?.repair?.(), "imported");
  assertEquals(await examine(await world.open()), []);
});

Deno.test("repair() puts records right without the state store", async () => {
  const world = await newWorld();
  const ref = await newTask(world.carrel, { name: "kept" });
  world.host.files.put(placesOf(ref).dossier, "{");
  const broken = () => Promise.reject(new StorageError("the file is damaged"));
  const { findings } = await repair(await world.open({ openState: broken }));
  assertEquals(findings.map(({ code, fixed }) => [code, fixed]), [
    ["state_unusable", false],
    ["dossier_damaged", true],
  ]);
  assertEquals(await examine(await world.open()).then((left) => left.map(({ code }) => code)), [
    "journal_pending",
  ]);
});

Deno.test("two engines that are one tell of a container once", async () => {
  const plugins = [fakePlugin, { ...fakePlugin, name: "twin" }];
  const projects = { demo: fakeProject(ENDLESS), other: "run: {runtime: twin}\n" };
  const world = await newWorld({ projects, plugins });
  const ref = await runTask(world.carrel, { command: ["work"] });
  await editEngine(world, (containers) => {
    const [own] = containers;
    assert(own !== undefined);
    return [...containers, {
      ...own,
      id: "orphan",
      name: "demo-run-k7m2x",
      labels: { ...own.labels, "carrel.task": "k7m2x" },
    }];
  });
  const found = await examine(await world.open({ plugins }));
  assertEquals(found.map(({ code, where }) => [code, where]), [["unknown_container", "demo/k7m2x"]]);
  assertEquals((await look(world.carrel, ref)).status, "running");
});
