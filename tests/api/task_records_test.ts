import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  agentConfigDir,
  AppError,
  dossierPath,
  getTaskMeta,
  iterTaskIds,
  loadTaskMeta,
  markTaskDeleting,
  metaPath,
  readTaskMeta,
  taskExists,
  taskNew,
  tasksArchiveDir,
  tasksMetaDir,
  updateTaskExitCode,
  writeTaskMeta,
} from "../../core/mod.ts";
import { LASTING, openDemo, runTask } from "./demo_world.ts";

const META_DIR = "/r/core/projects/demo/tasks";

Deno.test("tasksMetaDir() and tasksArchiveDir() answer at once, and awaited", async () => {
  const { carrel } = await openDemo();
  const expected = [META_DIR, "/r/archive/demo/tasks"];
  assertEquals([tasksMetaDir(carrel, "demo"), tasksArchiveDir(carrel, "demo")], expected);
  assertEquals([await tasksMetaDir(carrel, "demo"), await tasksArchiveDir(carrel, "demo")], expected);
  for (const path of [tasksMetaDir, tasksArchiveDir]) {
    assertEquals(assertThrows(() => path(carrel, "../etc"), AppError).code, "invalid_project_name");
  }
});

Deno.test("dossierPath() and metaPath() refuse what is no id", () => {
  for (const path of [dossierPath, metaPath]) {
    assertEquals(assertThrows(() => path(META_DIR, "../../x"), AppError).code, "invalid_task_id");
  }
});

Deno.test("agentConfigDir() lies where the record says, else in the project's usual place", async () => {
  const { carrel, host } = await openDemo({ config: { tasks: { root: "/elsewhere" } } });
  assertEquals(await agentConfigDir(carrel, "demo", "q7m2x"), "/elsewhere/q7m2x/agent-config");
  await writeTaskMeta(carrel, dossierPath(META_DIR, "q7m2x"), { workspace: "/moved/q7m2x" });
  host.files.putDir("/moved/q7m2x/workspace-dangerous");
  assertEquals(await agentConfigDir(carrel, "demo", "q7m2x"), "/moved/q7m2x/agent-config");
});

Deno.test("iterTaskIds() gives every id once, sorted, and no other files", async () => {
  const { carrel, host } = await openDemo();
  for (const name of ["v4hd9_meta.yml", "k3v8h_dossier.json", "k3v8h_meta.yml", "k3v8h_env", "notes.txt"]) {
    host.files.put(`${META_DIR}/${name}`, "");
  }
  assertEquals(await Array.fromAsync(iterTaskIds(carrel, META_DIR)), ["k3v8h", "v4hd9"]);
  assertEquals(await Array.fromAsync(iterTaskIds(carrel, "/nowhere")), []);
});

Deno.test("taskExists() is true with either file, false for what is no name", async () => {
  const { carrel, host } = await openDemo();
  host.files.put(`${META_DIR}/k3v8h_dossier.json`, "damaged");
  host.files.put(`${META_DIR}/v4hd9_meta.yml`, "mode:\n");
  const answers = ["k3v8h", "v4hd9", "q7m2x", "../x", ""].map((id) => taskExists(carrel, "demo", id));
  assertEquals(await Promise.all(answers), [true, true, false, false, false]);
  assertEquals(await taskExists(carrel, "..", "k3v8h"), false);
});

Deno.test("readTaskMeta() puts both files together; null without either", async () => {
  const { carrel, host } = await openDemo();
  host.files.put(`${META_DIR}/q7m2x_dossier.json`, `{"project":"demo","task":"q7m2x","name":"fix"}`);
  host.files.put(`${META_DIR}/q7m2x_meta.yml`, "mode: cli\nweb_port:\nown: [1, two]\n");
  assertEquals(await readTaskMeta(carrel, META_DIR, "q7m2x"), {
    mode: "cli",
    web_port: null,
    own: [1, "two"],
    project_id: "demo",
    task_id: "q7m2x",
    name: "fix",
  });
  assertEquals(await readTaskMeta(carrel, META_DIR, "k3v8h"), null);
});

Deno.test("loadTaskMeta() gives the record and the handle to write it back", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo", { name: "fix" });
  const { meta, dossier_path } = await loadTaskMeta(carrel, "demo", id);
  assertEquals([meta["task_id"], meta["name"], meta["mode"]], [id, "fix", null]);
  assertEquals(dossier_path, `${META_DIR}/${id}_dossier.json`);
});

Deno.test("loadTaskMeta() refuses a task of another mode, but not one that never ran", async () => {
  const world = await openDemo({ fake: LASTING });
  const fresh = await taskNew(world.carrel, "demo");
  const launched = await runTask(world, { mode: "cli" });
  assertEquals((await loadTaskMeta(world.carrel, "demo", fresh, "run")).meta["mode"], null);
  assertEquals((await loadTaskMeta(world.carrel, "demo", launched, "cli")).meta["mode"], "cli");
  const error = await assertRejects(() => loadTaskMeta(world.carrel, "demo", launched, "run"), AppError);
  assertEquals(error.code, "wrong_state");
});

Deno.test("loadTaskMeta() knows what is not there", async () => {
  const { carrel } = await openDemo();
  const failure = async (project: string, id: string) =>
    (await assertRejects(() => loadTaskMeta(carrel, project, id), AppError)).code;
  assertEquals(await failure("demo", "q7m2x"), "task_not_found");
  assertEquals(await failure("nothing", "q7m2x"), "project_not_found");
  assertEquals(await failure("demo", "Q7-M2X"), "invalid_task_id");
});

Deno.test("writeTaskMeta() writes the whole map and touches no other line", async () => {
  const { carrel, host } = await openDemo();
  const handle = dossierPath(META_DIR, "q7m2x");
  host.files.put(handle, `{"project":"demo","task":"q7m2x","name":"old","theirs":1}`);
  host.files.put(`${META_DIR}/q7m2x_meta.yml`, "# by hand\nmode:   cli  # kept\ngone: 1\nweb_port: 80\n");
  const { name: _name, gone: _gone, ...kept } = (await loadTaskMeta(carrel, "demo", "q7m2x")).meta;
  const meta = { ...kept, web_port: 81, extra: ["a"] };
  await writeTaskMeta(carrel, handle, { ...meta, absent: undefined });
  assertEquals(
    await host.files.readText(`${META_DIR}/q7m2x_meta.yml`),
    "# by hand\nmode:   cli  # kept\nweb_port: 81\nextra:\n- a\n",
  );
  assertEquals(JSON.parse(await host.files.readText(handle)), { project: "demo", task: "q7m2x", theirs: 1 });
  assertEquals(await readTaskMeta(carrel, META_DIR, "q7m2x"), meta);
});

Deno.test("writeTaskMeta() takes project and task from the map, else from the path", async () => {
  const { carrel, host } = await openDemo();
  const dossier = async (id: string) => JSON.parse(await host.files.readText(dossierPath(META_DIR, id)));
  await writeTaskMeta(carrel, dossierPath(META_DIR, "q7m2x"), { mode: null });
  assertEquals(await dossier("q7m2x"), { project: "demo", task: "q7m2x" });
  await writeTaskMeta(carrel, dossierPath(META_DIR, "k3v8h"), { project_name: "moved", name: "n" });
  assertEquals(await dossier("k3v8h"), { project: "moved", task: "k3v8h", name: "n" });
});

Deno.test("writeTaskMeta() writes nothing that a reader could not take", async () => {
  const { carrel, host } = await openDemo();
  const handle = dossierPath(META_DIR, "q7m2x");
  const refused: [string, Record<string, unknown>][] = [
    [handle, { made: () => 1 }],
    [handle, { name: 7 }],
    [`${META_DIR}/notes.txt`, {}],
    [`${META_DIR}/../x_dossier.json`, {}],
  ];
  for (const [path, meta] of refused) {
    const error = await assertRejects(() => writeTaskMeta(carrel, path, meta), AppError);
    assertEquals(error.code, "invalid_value");
  }
  assertEquals(await host.files.info(META_DIR), null);
});

Deno.test("writeTaskMeta() does not write over a record that it cannot read", async () => {
  const { carrel, host } = await openDemo();
  const handle = dossierPath(META_DIR, "q7m2x");
  host.files.put(`${META_DIR}/q7m2x_meta.yml`, "mode: [cli\n");
  const error = await assertRejects(() => writeTaskMeta(carrel, handle, { name: "n" }), AppError);
  assertEquals(error.code, "record_damaged");
  assertEquals(await host.files.readText(`${META_DIR}/q7m2x_meta.yml`), "mode: [cli\n");
  assertEquals(await host.files.info(handle), null);
});

Deno.test("writeTaskMeta(), updateTaskExitCode() and markTaskDeleting() hold the task's lock", async () => {
  const { carrel, host } = await openDemo();
  const id = await taskNew(carrel, "demo");
  const { meta, dossier_path } = await loadTaskMeta(carrel, "demo", id);
  await using _lock = await host.files.lock(`/r/core/locks/demo/${id}.lock`, { timeoutMs: 0 });
  const writes = [
    () => writeTaskMeta(carrel, dossier_path, meta),
    () => updateTaskExitCode(carrel, "demo", id, 1),
    () => markTaskDeleting(carrel, "demo", id),
  ];
  for (const write of writes) assertEquals((await assertRejects(write, AppError)).code, "lock_timeout");
  assertEquals(await readTaskMeta(carrel, META_DIR, id), meta);
});

Deno.test("updateTaskExitCode() records a code, and takes it back", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo");
  await updateTaskExitCode(carrel, "demo", id, 124);
  assertEquals((await getTaskMeta(carrel, "demo", id)).exit_code, 124);
  await updateTaskExitCode(carrel, "demo", id, null);
  assertEquals((await getTaskMeta(carrel, "demo", id)).exit_code, null);
  const error = await assertRejects(() => updateTaskExitCode(carrel, "demo", "q7m2x", 0), AppError);
  assertEquals(error.code, "task_not_found");
});

Deno.test("markTaskDeleting() shows in the status", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo");
  await markTaskDeleting(carrel, "demo", id);
  assert((await getTaskMeta(carrel, "demo", id)).deleting);
  assertEquals((await getTaskMeta(carrel, "demo", id)).status, "deleting");
});
