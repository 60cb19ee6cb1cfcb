import { dirname } from "@std/path";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteProject } from "../../core/engine/delete_project.ts";
import { newProject } from "../../core/engine/new_project.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { AppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { listArchives } from "../../core/query/archives.ts";
import { listProjectIds } from "../../core/query/list_project_ids.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { newFaultyHost } from "../support/faulty_host.ts";
import {
  CONFIG,
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newTask,
  newWorld,
  onlyArchive,
  placesOf,
  projectFile,
  ROOT,
  runTask,
} from "../support/world.ts";

const OTHER = parseProjectId("other");

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, AppError)).code;
}

Deno.test("newProject() writes a project.yml that is read as it was meant", async () => {
  const { carrel, host, open } = await newWorld();
  const request = {
    image: "localhost/dev",
    upstream: "https://example.org/a.git",
    runtime: "fake",
    description: "a: b",
  };
  const { project, file, op } = await newProject(carrel, "other", request);
  assertEquals([project, file, op.changed], [OTHER, projectFile("other"), true]);
  assertEquals((await host.files.info(file))?.mode, 0o600);
  assertEquals((await host.files.info(`${CONFIG}/projects/other`))?.mode, 0o700);
  const config = await (await open()).config(OTHER);
  const keys = ["run.image", "git.upstream_url", "run.runtime", "project.description"] as const;
  assertEquals(keys.map((key) => config.get(key)), [
    "localhost/dev",
    "https://example.org/a.git",
    "fake",
    "a: b",
  ]);
  assertEquals(config.problems, []);
  assertEquals(await listProjectIds(carrel), [DEMO, OTHER]);
});

Deno.test("newProject() refuses what is there, and what would not be read", async () => {
  const { carrel, host } = await newWorld();
  const before = host.files.snapshot();
  assertEquals(await codeOf(() => newProject(carrel, "demo")), "already_exists");
  assertEquals(await codeOf(() => newProject(carrel, "Not A Name")), "invalid_project_name");
  assertEquals(await codeOf(() => newProject(carrel, "../x")), "invalid_project_name");
  assertEquals(await codeOf(() => newProject(carrel, "other", { runtime: "docker" })), "runtime_not_found");
  assertEquals(await codeOf(() => newProject(carrel, "other", { image: "two words" })), "invalid_value");
  await newProject(carrel, "other", {}, { dryRun: true });
  assertEquals(host.files.snapshot(), before);
});

Deno.test("newProject() by two at once makes one project, whose settings are of one of them", async () => {
  const { carrel, open, host } = await newWorld();
  const other = await open();
  const results = await Promise.allSettled([
    newProject(carrel, "other", { image: "first" }),
    newProject(other, "other", { image: "second" }),
  ]);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected"]);
  assertStringIncludes(await host.files.readText(projectFile("other")), "image: first");
});

Deno.test("deleteProject() refuses while there are tasks, and names them", async () => {
  const { carrel, host } = await newWorld();
  const refs = [await newTask(carrel), await newTask(carrel)];
  const before = host.files.snapshot();
  const error = await assertRejects(() => deleteProject(carrel, DEMO), AppError);
  assertEquals([error.code, error.exit], ["wrong_state", 5]);
  assertEquals(error.details.tasks, refs.map(({ id }) => id).sort());
  assertEquals(host.files.snapshot(), before);
});

Deno.test("deleteProject() refuses while there is a damaged record", async () => {
  const { carrel, host } = await newWorld();
  host.files.put(`${ROOT}/core/projects/demo/tasks/k3v8h_meta.yml`, "mode: [");
  assertEquals(await codeOf(() => deleteProject(carrel, DEMO)), "wrong_state");
  assertEquals(await codeOf(() => deleteProject(carrel, DEMO, { withTasks: true })), "record_damaged");
  assertEquals((await host.files.info(projectFile("demo")))?.kind, "file");
});

Deno.test("deleteProject() with its tasks archives them, clears the cache and keeps the settings", async () => {
  const settings = fakeProject(ENDLESS);
  const { carrel, host, open } = await newWorld({ projects: { demo: settings, other: settings } });
  const ref = await runTask(carrel, { name: "kept", command: ["work"] });
  await newTask(carrel);
  host.files.put(`${ROOT}/sandbox/clone-cache/demo/HEAD`, "ref: refs/heads/main\n");
  const { archiveIds, warnings, incomplete } = await deleteProject(carrel, DEMO, { withTasks: true });
  assertEquals([archiveIds.length, warnings, incomplete], [2, [], false]);
  const left = Object.entries(host.files.snapshot()).filter(([path]) => path.includes("demo"));
  const rest = left.filter(([path]) => !/^\/srv\/carrel\/(archive|core\/locks)\/demo\//.test(path));
  assertEquals(rest, []);
  const kept = left.filter(([path]) => /\/archive\/demo\/\d{8}T\d{12}Z_project\.yml$/.test(path));
  assertEquals(kept.map(([, text]) => text), [settings]);
  // Under the old name everything can be listed, and restored into another project.
  const later = await open();
  assertEquals(await listProjectIds(later), [OTHER]);
  const { archives } = await listArchives(later, DEMO);
  assertEquals(archives.length, 2);
  const [archive] = archives.filter(({ record }) => record.task_id === ref.id);
  if (archive === undefined) throw new AppError("bug", "it was archived");
  assertEquals(await codeOf(() => restoreArchive(later, archive)), "project_not_found");
  const { ref: restored } = await restoreArchive(later, archive, { into: OTHER });
  assertEquals((await look(later, restored)).name, "kept");
});

Deno.test("deleteProject() keeps a project while the record of a task cannot be removed", async () => {
  const { carrel, host, open } = await newWorld();
  const ref = await newTask(carrel);
  const { dossier } = placesOf(ref);
  const removeFile = async (path: string) => {
    if (path === dossier) throw new AppError("storage_failed", "input/output error");
    return await host.files.removeFile(path);
  };
  const sick = await open({ host: { ...host, files: { ...host.files, removeFile } } });
  const { archiveIds, configArchive, warnings, incomplete } = await deleteProject(sick, DEMO, {
    withTasks: true,
  });
  assertEquals([archiveIds.length, configArchive, incomplete], [1, null, true]);
  assertStringIncludes(warnings.join(), `stays until the records of its tasks are gone: ${ref.id}`);
  assertEquals((await host.files.info(projectFile("demo")))?.kind, "file");
  // The next one finishes both.
  const next = await deleteProject(carrel, DEMO, { withTasks: true });
  assertEquals([next.incomplete, next.warnings, await listProjectIds(carrel)], [false, [], []]);
});

Deno.test("deleteProject() makes it durable that a directory is gone", async () => {
  const { host: inner, carrel, open } = await newWorld();
  await newTask(carrel);
  const host = newFaultyHost(inner);
  await deleteProject(await open({ host }), DEMO, { withTasks: true });
  const following = new Map(host.trace.map((call, at) => [call, host.trace[at + 1]]));
  const removed = [
    `${ROOT}/sandbox-live/tasks/demo`,
    `${ROOT}/core/projects/demo/tasks`,
    dirname(projectFile("demo")),
  ];
  for (const dir of removed) assertEquals(following.get(`removeDir ${dir}`), `syncDir ${dirname(dir)}`);
});

Deno.test("deleteProject() leaves a cache that is being made, and says so", async () => {
  const { carrel, host } = await newWorld();
  host.files.put(`${ROOT}/sandbox/clone-cache/demo/.git/HEAD`, "ref: refs/heads/main\n");
  await using _syncing = await host.files.lock(carrel.paths.cloneCacheSyncLock(DEMO), { timeoutMs: 0 });
  const { warnings } = await deleteProject(carrel, DEMO);
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0] ?? "", "the clone cache of demo could not be removed");
  assertEquals(await host.files.info(projectFile("demo")), null);
});

Deno.test("deleteProject() moves the settings although they lie on another file system", async () => {
  const { carrel, host } = await newWorld();
  host.files.setDevice(CONFIG, 2);
  await deleteProject(carrel, DEMO);
  const kept = Object.entries(host.files.snapshot()).filter(([path]) => path.endsWith("_project.yml"));
  assertEquals(kept.map(([, text]) => text), [fakeProject()]);
  assertEquals(await host.files.info(projectFile("demo")), null);
});

Deno.test("deleteProject() is not kept from its end by the file of a writer that died", async () => {
  const { carrel, host } = await newWorld();
  const records = carrel.paths.tasksMetaDir(DEMO);
  const left = `${records}/.x0000_meta.yml.0123456789abcdef.tmp`;
  host.files.put(left, "mode: r");
  await runTask(carrel);
  assertEquals(await codeOf(() => deleteProject(carrel, DEMO)), "wrong_state");
  await deleteProject(carrel, DEMO, { withTasks: true });
  assertEquals([await host.files.info(records), await listProjectIds(carrel)], [null, []]);
  // While the directory of a task that is being made is there, nobody has died.
  await newProject(carrel, "demo", { runtime: "fake" });
  host.files.put(left, "mode: r");
  host.files.put(`${carrel.paths.liveTasksRoot(DEMO)}/x0000/README.md`, "");
  await deleteProject(carrel, DEMO);
  assertEquals(await host.files.readText(left), "mode: r");
});

Deno.test("deleteProject() leaves what it does not know", async () => {
  const { carrel, host } = await newWorld();
  host.files.put(`${CONFIG}/projects/demo/instructions.md`, "be kind\n");
  host.files.put(`${ROOT}/sandbox-live/tasks/demo/_shared/data`, "shared\n");
  await deleteProject(carrel, DEMO);
  assertEquals(await host.files.readText(`${CONFIG}/projects/demo/instructions.md`), "be kind\n");
  assertEquals(await host.files.readText(`${ROOT}/sandbox-live/tasks/demo/_shared/data`), "shared\n");
});

Deno.test("deleteProject() whose second task cannot be archived keeps project and task", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  await runTask(carrel, { name: "first", command: ["work"] });
  host.files.put(`${ROOT}/archive/demo`, "in the way");
  assertEquals(await codeOf(() => deleteProject(carrel, DEMO, { withTasks: true })), "archive_failed");
  assertEquals((await loadTasks(carrel, DEMO)).tasks.map(({ meta }) => meta.status), ["stopped"]);
  assertEquals((await host.files.info(projectFile("demo")))?.kind, "file");
  await host.files.removeFile(`${ROOT}/archive/demo`);
  await deleteProject(carrel, DEMO, { withTasks: true });
  assertEquals((await onlyArchive(carrel)).record.name, "first");
});

Deno.test("deleteProject() as a dry run names every step", async () => {
  const { carrel, host } = await newWorld();
  const { id } = await newTask(carrel);
  const before = host.files.snapshot();
  const { op } = await deleteProject(carrel, DEMO, { withTasks: true }, { dryRun: true });
  const answer = await op.answer(() => ({}));
  assertEquals("plan" in answer && answer.plan, [
    { action: "delete task", target: `demo/${id}` },
    { action: "archive configuration", target: projectFile("demo") },
    { action: "remove directories", target: "demo" },
  ]);
  assertEquals(host.files.snapshot(), before);
  assertEquals(await codeOf(() => deleteProject(carrel, parseProjectId("none"))), "project_not_found");
});
