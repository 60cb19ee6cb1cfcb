import { assertEquals, assertRejects } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { NEW_TASK, OLD_TASK, REFERENCE_TREE } from "../support/reference_trees.ts";
import {
  ENDLESS,
  fakeProject,
  look,
  newWorld,
  onlyArchive,
  placesOf,
  projectFile,
  refOf,
  treeAt,
} from "../support/world.ts";

const ORCHARD = parseProjectId("orchard");
const OLD = refOf("k3v8h", "orchard");
const NEW = refOf("q7m2x", "orchard");

function newOrchard() {
  const files = { ...REFERENCE_TREE, [projectFile("orchard")]: fakeProject(ENDLESS) };
  return newWorld({ files, projects: {} });
}

Deno.test("a tree of the reference is listed: both eras, and nothing that is no record", async () => {
  const { carrel } = await newOrchard();
  const { tasks, damaged } = await loadTasks(carrel, null);
  const shown = tasks.map(({ meta }) => [meta.project_id, meta.task_id, meta.name, meta.mode, meta.status]);
  assertEquals(shown, [
    ["orchard", "k3v8h", "old-web", "web", "not found"],
    ["orchard", "q7m2x", "prune-old-branches", "run", "failed"],
  ]);
  assertEquals(damaged, []);
  const [old] = tasks;
  // The key alone says that it was ready once, whatever its value.
  assertEquals([old?.meta.initialized, old?.meta.ready_at], [true, null]);
  assertEquals([old?.meta.preset, old?.meta.backend, old?.meta.provider], ["careful", "claude", "anthropic"]);
  assertEquals([old?.meta.work_status, old?.meta.web_port, old?.meta.labels], ["coding", 18700, {}]);
});

Deno.test("a project that only the reference knew is found by its records", async () => {
  const { carrel } = await newWorld({ files: REFERENCE_TREE, projects: {} });
  const { tasks } = await loadTasks(carrel, ORCHARD);
  assertEquals(tasks.length, 2);
});

Deno.test("a rename leaves every byte of the reference's bookkeeping as it was", async () => {
  for (const [ref, files] of [[OLD, OLD_TASK], [NEW, NEW_TASK]] as const) {
    const { carrel, host } = await newOrchard();
    await renameTask(carrel, ref, "Another name");
    assertEquals(await host.files.readText(files.bookkeeping), REFERENCE_TREE[files.bookkeeping]);
    assertEquals(JSON.parse(await host.files.readText(files.dossier)), {
      project: "orchard",
      task: ref.id,
      name: "another-name",
    });
  }
});

Deno.test("a mutation changes only its own keys of the reference's bookkeeping", async () => {
  const { carrel, host } = await newOrchard();
  await startTask(carrel, NEW);
  await stopTask(carrel, NEW);
  const before = REFERENCE_TREE[NEW_TASK.bookkeeping]?.split("\n") ?? [];
  const after = (await host.files.readText(NEW_TASK.bookkeeping)).split("\n");
  assertEquals(before.filter((line) => !after.includes(line)), ["exit_code: 7"]);
});

Deno.test("a dossier that names nobody gets project and task with the next mutation", async () => {
  const { carrel, host } = await newOrchard();
  host.files.put(NEW_TASK.dossier, '{\n  "name": "prune-old-branches"\n}\n');
  await startTask(carrel, NEW);
  assertEquals(await host.files.readText(NEW_TASK.dossier), REFERENCE_TREE[NEW_TASK.dossier]);
});

Deno.test("either file alone makes a task", async () => {
  const { carrel, host } = await newOrchard();
  await host.files.removeFile(NEW_TASK.dossier);
  await host.files.removeFile(OLD_TASK.bookkeeping);
  const { tasks } = await loadTasks(carrel, ORCHARD);
  assertEquals(tasks.map(({ meta }) => [meta.task_id, meta.name, meta.status]), [
    ["k3v8h", "old-web", "created"],
    ["q7m2x", "", "failed"],
  ]);
});

Deno.test("a task of the reference is deleted and comes back byte for byte, but for its tokens", async () => {
  const { carrel, host } = await newOrchard();
  const before = treeAt(host, OLD_TASK.dir);
  const { archiveId } = await deleteTask(carrel, NEW);
  await deleteTask(carrel, OLD);
  const tokenless = REFERENCE_TREE[NEW_TASK.bookkeeping]?.replace(/^gate_token.*\n/m, "");
  const archive = await findArchive(carrel, [`orchard/${archiveId}`]);
  assertEquals(JSON.stringify(archive.map).includes("terok-g-"), false);
  await restoreArchive(carrel, archive);
  await restoreArchive(carrel, await findArchive(carrel, ["orchard/k3v8h"]));
  assertEquals(await host.files.readText(NEW_TASK.bookkeeping), tokenless);
  assertEquals(await host.files.readText(OLD_TASK.bookkeeping), REFERENCE_TREE[OLD_TASK.bookkeeping]);
  assertEquals(treeAt(host, OLD_TASK.dir), before);
});

Deno.test("archives of both eras are listed and restored from task.json alone", async () => {
  const { carrel, host } = await newOrchard();
  const { archives } = await listArchives(carrel, ORCHARD);
  assertEquals(
    archives.map(({ record }) => [record.project_id, record.task_id, record.name, record.exit_code]),
    [
      ["orchard", "v4hd8", "quiet-lemur", 1],
      ["orchard", "v4hd9", null, 0],
    ],
  );
  for (const archive of archives) await restoreArchive(carrel, archive);
  assertEquals((await look(carrel, refOf("v4hd8", "orchard"))).name, "quiet-lemur");
  // It was archived while it was marked; restored, it is a task like others.
  assertEquals((await look(carrel, refOf("v4hd9", "orchard"))).status, "created");
  assertEquals(
    await host.files.readText(`${placesOf(refOf("v4hd8", "orchard")).dir}/logs/container.log`),
    "said\n",
  );
});

Deno.test("a record that claims another identity acts on its own place", async () => {
  const { carrel, host } = await newOrchard();
  host.files.put(NEW_TASK.dossier, '{"project": "other", "task": "k3v8h", "name": "liar"}\n');
  await deleteTask(carrel, NEW);
  const archive = await onlyNewArchive(carrel);
  assertEquals([archive?.record.project_id, archive?.record.task_id], ["orchard", "q7m2x"]);
  assertEquals((await look(carrel, OLD)).name, "old-web");
  await assertRejects(() => onlyArchive(carrel, parseProjectId("other")), Error);
});

async function onlyNewArchive(carrel: Parameters<typeof listArchives>[0]) {
  const { archives } = await listArchives(carrel, ORCHARD);
  return archives.find(({ record }) => record.task_id === "q7m2x");
}

Deno.test("a task of an unknown mode is shown, and start says why it cannot be", async () => {
  const { carrel, host } = await newOrchard();
  host.files.put(NEW_TASK.bookkeeping, "mode: hologram\n");
  assertEquals((await look(carrel, NEW)).mode, "hologram");
  const error = await assertRejects(() => startTask(carrel, NEW), AppError);
  assertEquals(error.code, "record_damaged");
});
