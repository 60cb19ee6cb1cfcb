import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { decodeBookkeeping } from "../../core/meta/bookkeeping.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import {
  DEMO,
  fakeProject,
  look,
  newTask,
  newWorld,
  placesOf,
  ROOT,
  treeAt,
  type World,
} from "../support/world.ts";

async function modeOf({ host }: World, path: string): Promise<string> {
  return ((await host.files.info(path))?.mode ?? 0).toString(8);
}

Deno.test("createTask() makes directory, workspace, marker, README and record", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel, { name: "Fix  login!" });
  const { dir, dossier, bookkeeping } = placesOf(ref);
  const tree = treeAt(host, dir);
  assertEquals(Object.keys(tree), [
    "README.md",
    "workspace-dangerous/",
    "workspace-dangerous/.new-task-marker",
  ]);
  assertEquals(tree["workspace-dangerous/.new-task-marker"]?.trimEnd().split("\n").length, 3);
  assertEquals(tree["README.md"]?.includes("workspace-dangerous"), true);
  assertEquals(
    await host.files.readText(dossier),
    `{\n  "project": "demo",\n  "task": "${ref.id}",\n  "name": "fix-login"\n}\n`,
  );
  const record = await decodeBookkeeping(await host.files.readText(bookkeeping), bookkeeping);
  const { created_at, ...rest } = record;
  assertEquals(rest, { mode: null, workspace: dir, web_port: null });
  assertEquals(/^2026-01-01T00:00:00\.\d{6}\+00:00$/.test(String(created_at)), true);
  assertEquals(
    (await host.files.readText(bookkeeping)).includes(`created_at: '${created_at}'`),
    true,
    "quoted",
  );
  assertEquals((await look(carrel, ref)).status, "created");
});

Deno.test("createTask() keeps records and workspace from other users", async () => {
  const world = await newWorld();
  const { dossier, bookkeeping, dir } = placesOf(await newTask(world.carrel));
  for (const path of [dossier, bookkeeping]) assertEquals(await modeOf(world, path), "600", path);
  const workspace = `${dir}/workspace-dangerous`;
  const parents = [`${ROOT}/core/projects/demo/tasks`, `${ROOT}/sandbox-live/tasks/demo`];
  for (const path of [workspace, dir, ...parents]) assertEquals(await modeOf(world, path), "700", path);
});

Deno.test("createTask() keeps labels, and makes up a name when none is given", async () => {
  const { carrel } = await newWorld();
  const ref = await newTask(carrel, { labels: { team: "web", note: "a: b" } });
  const { labels, name } = await look(carrel, ref);
  assertEquals(labels, { team: "web", note: "a: b" });
  assertEquals(/^[a-z0-9_-]+-[a-z0-9_-]+$/.test(name), true, name);
});

Deno.test("createTask() refuses a name without a letter or with a hyphen in front, and makes nothing", async () => {
  const { carrel, host } = await newWorld();
  const before = host.files.snapshot();
  for (const name of ["", "---", "-x", "日本"]) {
    const error = await assertRejects(() => createTask(carrel, DEMO, { name }), AppError);
    assertEquals(error.code, "invalid_task_name", name);
  }
  const missing = await assertRejects(() => createTask(carrel, parseProjectId("nobody")), AppError);
  assertEquals(missing.code, "project_not_found");
  assertEquals(host.files.snapshot(), before);
});

Deno.test("createTask() as a dry run says what it would do and does nothing", async () => {
  const { carrel, host } = await newWorld();
  const before = host.files.snapshot();
  const { op, ref, name } = await createTask(carrel, DEMO, { name: "x" }, { dryRun: true });
  assertEquals([ref, name], [null, "x"]);
  assertEquals(await op.answer(() => ({})), {
    dry_run: true,
    changed: true,
    plan: [{ action: "create task", target: "demo (x)" }],
  });
  assertEquals(host.files.snapshot(), before);
});

Deno.test("createTask() at the same time never gives one id twice", async () => {
  const world = await newWorld();
  // Two processes with the same luck: every id that one thinks of, the other thinks of too.
  const twins = await Promise.all(
    [1, 2].map(() => world.open({ host: { ...world.host, random: newMemoryHost({ seed: 7 }).random } })),
  );
  const [a, b] = await Promise.all(twins.map((twin) => newTask(twin, { name: "twin" })));
  assert(a !== undefined && b !== undefined);
  assertNotEquals(a.id, b.id);
  assertEquals((await loadTasks(world.carrel, DEMO)).tasks.length, 2);
});

Deno.test("createTask() never takes the id of a record, an archive or a directory", async () => {
  for (const taken of ["archive", "record", "damaged record", "directory"]) {
    const { id: first } = await newTask((await newWorld({ seed: 7 })).carrel, { name: "first" });
    const { carrel, host, open } = await newWorld();
    const { dossier, bookkeeping, dir } = placesOf({ project: DEMO, id: first });
    if (taken === "archive") {
      host.files.put(`${ROOT}/archive/demo/tasks/20260101T000000000000Z_${first}_x/task.json`, "{}");
    }
    if (taken === "record") host.files.put(bookkeeping, "mode:\n");
    if (taken === "damaged record") host.files.put(dossier, "{");
    if (taken === "directory") host.files.putDir(dir);
    const twin = { ...host, random: newMemoryHost({ seed: 7 }).random };
    const ref = await newTask(await open({ host: twin }), { name: "second" });
    assertNotEquals(ref.id, first, taken);
    if (taken !== "directory") {
      assertEquals(await host.files.info(dir), null, "what was claimed is given back");
    }
    assertEquals((await look(carrel, ref)).name, "second");
  }
});

Deno.test("createTask() never gives the id of a deleted task again", async () => {
  const { carrel, host, open } = await newWorld();
  const again = async () => await open({ host: { ...host, random: newMemoryHost({ seed: 7 }).random } });
  const first = await newTask(await again(), { name: "first" });
  await deleteTask(carrel, first);
  const second = await newTask(await again(), { name: "second" });
  assertNotEquals(second.id, first.id);
});

Deno.test("createTask() follows tasks.root", async () => {
  const { carrel, host } = await newWorld({
    projects: { demo: fakeProject({}, "tasks: {root: /elsewhere}\n") },
  });
  const ref = await newTask(carrel);
  assertEquals((await host.files.info(`/elsewhere/${ref.id}/workspace-dangerous`))?.kind, "directory");
  assertEquals((await look(carrel, ref)).workspace, `/elsewhere/${ref.id}`);
});
