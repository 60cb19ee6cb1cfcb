import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { repair } from "../../core/engine/doctor/repair.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { AppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { readTaskMeta } from "../../core/meta/record_store.ts";
import { toTaskRecord } from "../../core/meta/task_record.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newWorld,
  onlyArchive,
  placesOf,
  ROOT,
  runTask,
  treeAt,
} from "../support/world.ts";

const OTHER = parseProjectId("other");
const PROJECTS = { demo: fakeProject(ENDLESS), other: fakeProject(ENDLESS) };

async function newArchivedTask() {
  const world = await newWorld({ projects: PROJECTS });
  const { carrel, host } = world;
  const ref = await runTask(carrel, { name: "back", command: ["work"], labels: { team: "web" } });
  const { dir, bookkeeping, dossier } = placesOf(ref);
  host.files.put(`${dir}/workspace-dangerous/work.txt`, "precious\n");
  host.files.put(bookkeeping, `# by hand\n${await host.files.readText(bookkeeping)}odd:   [1]\n`);
  await deleteTask(carrel, ref);
  const archive = await onlyArchive(carrel);
  const copy = (name: string) => host.files.readText(`${archive.dir}/${ref.id}_${name}`);
  const records = { [bookkeeping]: await copy("meta.yml"), [dossier]: await copy("dossier.json") };
  return { ...world, ref, archive, records, dir };
}

Deno.test("restoreArchive() brings records and directory back byte for byte", async () => {
  const { carrel, host, ref, archive, records, dir } = await newArchivedTask();
  const archived = treeAt(host, archive.dir);
  await restoreArchive(carrel, archive);
  for (const [path, text] of Object.entries(records)) {
    assertEquals(await host.files.readText(path), text, path);
    assertEquals((await host.files.info(path))?.mode, 0o600);
  }
  const own = ["task.json", `${ref.id}_meta.yml`, `${ref.id}_dossier.json`];
  const expected = Object.fromEntries(Object.entries(archived).filter(([path]) => !own.includes(path)));
  assertEquals(treeAt(host, dir), expected);
  assertEquals((await listArchives(carrel, DEMO)).archives, []);
  const { status, name, labels } = await look(carrel, ref);
  assertEquals([status, name, labels], ["not found", "back", { team: "web" }]);
  await startTask(carrel, ref);
  assertEquals((await look(carrel, ref)).status, "running");
});

Deno.test("restoreArchive() into another project makes it a task of that project", async () => {
  const { carrel, host, ref, archive } = await newArchivedTask();
  const { ref: restored } = await restoreArchive(carrel, archive, { into: OTHER });
  assertEquals(restored, { project: OTHER, id: ref.id });
  const { dir, dossier, bookkeeping } = placesOf(restored);
  assertEquals(JSON.parse(await host.files.readText(dossier)), {
    project: "other",
    task: ref.id,
    name: "back",
  });
  assertStringIncludes(await host.files.readText(bookkeeping), `workspace: ${dir}\n`);
  assertStringIncludes(await host.files.readText(bookkeeping), "odd:   [1]\n");
  assertEquals(await host.files.readText(`${dir}/workspace-dangerous/work.txt`), "precious\n");
  await startTask(carrel, restored);
  const { project_id, status, container_name } = await look(carrel, restored);
  assertEquals([project_id, status, container_name], ["other", "running", `other-run-${ref.id}`]);
  assertEquals((await loadTasks(carrel, DEMO)).tasks, []);
});

Deno.test("restoreArchive() refuses when the very task is there, or something in its place, and changes nothing", async () => {
  for (const taken of ["task", "directory"]) {
    const { carrel, host, ref, archive, dir } = await newArchivedTask();
    host.files.putDir(`${dir}/workspace-dangerous`);
    if (taken === "task") {
      const text = `mode:\nworkspace: ${dir}\ncreated_at: '${archive.record.created_at}'\n`;
      host.files.put(placesOf(ref).bookkeeping, text);
    }
    const before = host.files.snapshot();
    const error = await assertRejects(() => restoreArchive(carrel, archive), AppError);
    assertEquals([error.code, error.exit], ["already_exists", 4], taken);
    assertEquals(host.files.snapshot(), before, taken);
  }
});

Deno.test("restoreArchive() gives a new id when another task has the old one, and the record names the old one", async () => {
  for (const place of ["", "/elsewhere"]) {
    const { carrel, host, ref, archive, records, dir } = await newArchivedTask();
    const other = place === "" ? dir : `${place}/${ref.id}`;
    host.files.put(`${other}/workspace-dangerous/other.txt`, "another's\n");
    host.files.put(placesOf(ref).bookkeeping, `mode:\nworkspace: ${other}\n`);
    const { ref: restored, restoredFrom, op } = await restoreArchive(carrel, archive);
    assertEquals([restoredFrom, restored.id === ref.id, op.changed], [ref.id, false, true]);
    const places = placesOf(restored);
    const old = records[placesOf(ref).bookkeeping] ?? "";
    assertEquals(
      await host.files.readText(places.bookkeeping),
      `${old.replace(`workspace: ${dir}`, `workspace: ${places.dir}`)}restored_from: ${ref.id}\n`,
    );
    assertEquals(JSON.parse(await host.files.readText(places.dossier)).task, restored.id);
    const tree = treeAt(host, places.dir);
    assertEquals(tree["workspace-dangerous/work.txt"], "precious\n");
    assertEquals(Object.keys(tree).filter((name) => name.includes(ref.id)), [], "no copies of records");
    assertEquals(await host.files.readText(`${other}/workspace-dangerous/other.txt`), "another's\n");
    await startTask(carrel, restored);
    assertEquals((await look(carrel, restored)).container_name, `demo-run-${restored.id}`);
  }
});

Deno.test("restoreArchive() refuses a project that is not there and an archive that is gone", async () => {
  const { carrel, archive } = await newArchivedTask();
  const code = async (run: () => Promise<unknown>) => (await assertRejects(run, AppError)).code;
  assertEquals(
    await code(() => restoreArchive(carrel, archive, { into: parseProjectId("none") })),
    "project_not_found",
  );
  await restoreArchive(carrel, archive);
  assertEquals(await code(() => restoreArchive(carrel, archive)), "archive_not_found");
});

Deno.test("two restores of one archive at once make one task", async () => {
  const { carrel, open, archive, ref } = await newArchivedTask();
  const other = await open();
  const results = await Promise.allSettled([
    restoreArchive(carrel, archive),
    restoreArchive(other, archive, { into: OTHER }),
  ]);
  assertEquals(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const { tasks } = await loadTasks(carrel, null);
  assertEquals(tasks.map(({ meta }) => [meta.task_id, meta.name]), [[ref.id, "back"]]);
});

Deno.test("a restore that was interrupted is finished by the next one", async () => {
  const { carrel, host, archive, ref, records, dir, open } = await newArchivedTask();
  for (let at = 1;; at++) {
    const dying = await open({ host: newFaultyHost(host, { at, with: "death" }) });
    await assertRejects(() => restoreArchive(dying, archive), HostDied);
    const { tasks } = await loadTasks(carrel, DEMO);
    if (tasks.length === 1 && await host.files.info(`${placesOf(ref).dossier}`) !== null) break;
  }
  assertEquals(await host.files.info(dir), null);
  await restoreArchive(carrel, await findArchive(carrel, [`demo/${ref.id}`]));
  for (const [path, text] of Object.entries(records)) assertEquals(await host.files.readText(path), text);
  assertEquals(await host.files.readText(`${dir}/workspace-dangerous/work.txt`), "precious\n");
});

Deno.test("the record of a restore that was interrupted can be deleted, and the archive stays", async () => {
  const { carrel, host, archive, ref, records } = await newArchivedTask();
  for (const [path, text] of Object.entries(records)) host.files.put(path, text, 0o600);
  const { archiveId } = await deleteTask(carrel, ref);
  assertEquals([archiveId, (await loadTasks(carrel, DEMO)).tasks], [archive.archiveId, []]);
  assertEquals(
    await host.files.readText(`${(await onlyArchive(carrel)).dir}/workspace-dangerous/work.txt`),
    "precious\n",
  );
});

Deno.test("a deletion that died after its move is taken back by a restore", async () => {
  const { carrel, host, archive, ref, records, dir } = await newArchivedTask();
  for (const [path, text] of Object.entries(records)) host.files.put(path, text, 0o600);
  host.files.put(placesOf(ref).bookkeeping, `${records[placesOf(ref).bookkeeping]}deleting: true\n`);
  await restoreArchive(carrel, archive);
  assertEquals([(await look(carrel, ref)).deleting, treeAt(host, dir)["workspace-dangerous/work.txt"]], [
    false,
    "precious\n",
  ]);
});

Deno.test("restoreArchive() follows tasks.root to where tasks are now", async () => {
  const { host, archive, ref, configure } = await newArchivedTask();
  const moved = await configure("demo", fakeProject(ENDLESS, "tasks: {root: /new/place}\n"));
  await restoreArchive(moved, archive);
  assertEquals((await look(moved, ref)).workspace, `/new/place/${ref.id}`);
  assertEquals(await host.files.readText(`/new/place/${ref.id}/workspace-dangerous/work.txt`), "precious\n");
});

Deno.test("restoreArchive() as a dry run makes every check and no change", async () => {
  const { carrel, host, archive } = await newArchivedTask();
  const before = host.files.snapshot();
  const { op } = await restoreArchive(carrel, archive, {}, { dryRun: true });
  const answer = await op.answer(() => ({}));
  assertEquals("plan" in answer && answer.plan.map(({ action }) => action), [
    "restore record",
    "restore directory",
  ]);
  assertEquals(host.files.snapshot(), before);
  await restoreArchive(carrel, archive);
  const again = await assertRejects(() => restoreArchive(carrel, archive, {}, { dryRun: true }), AppError);
  assertEquals(again.code, "archive_not_found");
});

Deno.test("an archive of a damaged record is named by who looks for it", async () => {
  const { carrel, host, archive } = await newArchivedTask();
  host.files.put(`${archive.dir}/task.json`, "{");
  const error = await assertRejects(() => findArchive(carrel, [`demo/${archive.archiveId}`]), AppError);
  assertEquals([error.code, error.details.file], ["record_damaged", `${archive.dir}/task.json`]);
});

/** Ways in which the copies of a record are no longer what they were. */
const DAMAGES: readonly {
  readonly name: string;
  readonly spoil: (copies: { meta: string; dossier: string }) => Readonly<Record<string, string | null>>;
}[] = [
  {
    name: "both cut off",
    spoil: ({ meta, dossier }) => ({ meta: meta.slice(0, 10), dossier: dossier.slice(0, 40) }),
  },
  { name: "bookkeeping is no YAML", spoil: () => ({ meta: "mode: [run\n" }) },
  { name: "bookkeeping cut off behind a line", spoil: ({ meta }) => ({ meta: cutBefore(meta, "command:") }) },
  {
    name: "a command cut off behind an argument",
    spoil: ({ meta }) => ({ meta: cutBefore(meta, "- later") }),
  },
  { name: "bookkeeping of zeros", spoil: ({ meta }) => ({ meta: "\0".repeat(meta.length) }) },
  { name: "no bookkeeping", spoil: () => ({ meta: null }) },
  { name: "an empty dossier", spoil: () => ({ dossier: "" }) },
  { name: "no dossier", spoil: () => ({ dossier: null }) },
  { name: "neither", spoil: () => ({ dossier: null, meta: null }) },
];

function cutBefore(text: string, line: string): string {
  assertStringIncludes(text, line);
  return text.slice(0, text.indexOf(line));
}

for (const { name, spoil } of DAMAGES) {
  Deno.test(`restoreArchive() takes from task.json what the copies lack: ${name}`, async () => {
    const world = await newWorld({ projects: PROJECTS });
    const { carrel, host } = world;
    const ref = await runTask(carrel, { name: "back", command: ["work", "later"], labels: { team: "web" } });
    await deleteTask(carrel, ref);
    const archive = await onlyArchive(carrel);
    const paths = {
      meta: `${archive.dir}/${ref.id}_meta.yml`,
      dossier: `${archive.dir}/${ref.id}_dossier.json`,
    };
    const spoilt = spoil({
      meta: await host.files.readText(paths.meta),
      dossier: await host.files.readText(paths.dossier),
    });
    for (const [copy, text] of Object.entries(spoilt)) {
      const path = copy === "meta" ? paths.meta : paths.dossier;
      if (text === null) await host.files.removeFile(path);
      else host.files.put(path, text);
    }
    await restoreArchive(carrel, archive);
    const { task_id, project_id, ...fields } = toTaskRecord(
      await readTaskMeta(host.files, `${ROOT}/core/projects/demo/tasks`, ref.id) ?? {},
      ref,
    );
    assertEquals({ task_id, project_id, ...fields }, archive.record);
    const kept = Object.entries(treeAt(host, placesOf(ref).dir))
      .filter(([path]) => /\.damaged-[0-9a-f]{16}$/.test(path)).map(([, text]) => text).toSorted();
    const damaged = Object.values(spoilt).filter((text) => text !== null);
    assertEquals(kept, damaged.toSorted());
    if (name !== "neither") assertEquals(world.notices.length, Object.keys(spoilt).length);
    await startTask(carrel, ref);
    assertEquals((await look(carrel, ref)).status, "running");
  });
}

Deno.test("restoreArchive() of damaged copies loses nothing, whichever write it dies at", async () => {
  for (let at = 1, isDone = false; !isDone; at++) {
    const { carrel, host, archive, ref, open } = await newArchivedTask();
    for (const name of ["meta.yml", "dossier.json"]) host.files.put(`${archive.dir}/${ref.id}_${name}`, "[");
    const { pid } = host.processes.start();
    const mortal = { ...host, system: { ...host.system, pid } };
    const dying = await open({ host: newFaultyHost(mortal, { at, with: "death", leaving: "half" }) });
    try {
      await restoreArchive(dying, archive);
      isDone = true;
    } catch (error) {
      assertInstanceOf(error, HostDied);
    }
    host.processes.end(pid);
    const [left] = (await listArchives(carrel, DEMO)).archives;
    if (left !== undefined) await restoreArchive(carrel, left);
    else await repair(carrel);
    const map = await readTaskMeta(host.files, `${ROOT}/core/projects/demo/tasks`, ref.id) ?? {};
    assertEquals(toTaskRecord(map, ref), archive.record, `death at ${at}`);
    const kept = Object.keys(treeAt(host, placesOf(ref).dir)).filter((path) =>
      /\.damaged-[0-9a-f]{16}$/.test(path)
    );
    assertEquals(kept.length, 2, `death at ${at}`);
  }
});

Deno.test("restoreArchive() changes nothing when a copy cannot be read", async () => {
  const { carrel, host, ref, archive, open } = await newArchivedTask();
  const path = `${archive.dir}/${ref.id}_meta.yml`;
  const read: typeof host.files.read = (file, options) =>
    file === path
      ? Promise.reject(new AppError("storage_failed", "input/output error"))
      : host.files.read(file, options);
  const failing = await open({ host: { ...host, files: { ...host.files, read } } });
  const before = host.files.snapshot();
  assertEquals((await assertRejects(() => restoreArchive(failing, archive), AppError)).exit, 10);
  assertEquals(host.files.snapshot(), before);
  assertEquals((await listArchives(carrel, DEMO)).archives.length, 1);
});

Deno.test("restoreArchive() sets a directory aside that lies in the place of a copy", async () => {
  const { carrel, host, ref, archive, dir } = await newArchivedTask();
  const path = `${archive.dir}/${ref.id}_meta.yml`;
  await host.files.removeFile(path);
  host.files.putDir(path);
  host.files.put(`${path}/odd`, "whose?\n");
  await restoreArchive(carrel, archive);
  const { status, name, labels } = await look(carrel, ref);
  assertEquals([status, name, labels], ["not found", "back", { team: "web" }]);
  const kept = Object.keys(treeAt(host, dir)).filter((file) => /_meta\.yml\.damaged-\w+\/odd$/.test(file));
  assertEquals(kept.length, 1);
});
