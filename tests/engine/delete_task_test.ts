import { dirname } from "@std/path";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { AppError } from "../../core/error.ts";
import { osFailure } from "../../core/host/os_failure.ts";
import type { Host } from "../../core/port/host.ts";
import { listArchives } from "../../core/query/archives.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { newStuckHost } from "../support/stuck_host.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newRecorder,
  newTask,
  newWorld,
  onlyArchive,
  placesOf,
  refOf,
  ROOT,
  runTask,
  treeAt,
} from "../support/world.ts";

const WEB = "run: {runtime: fake, fake: {duration_ms: 1e9}, web: {command: [serve]}}\n";

Deno.test("deleteTask() moves the whole task into the archive, records beside it", async () => {
  const { carrel, host } = await newWorld();
  const ref = await runTask(carrel, { name: "Fix login", command: ["work"], env: { KEY: "hush" } });
  const { dir, dossier, bookkeeping, env } = placesOf(ref);
  host.files.put(`${dir}/workspace-dangerous/work.txt`, "precious\n");
  host.files.put(`${dir}/logs/container.log`, "2026-01-01T00:00:00Z stdout F said\n");
  await startTask(carrel, ref);
  const before = treeAt(host, dir);
  const recordText = await host.files.readText(bookkeeping);
  const dossierText = await host.files.readText(dossier);
  const { archiveId, warnings, incomplete, op } = await deleteTask(carrel, ref);
  assertEquals([warnings, incomplete, op.changed], [[], false, true]);
  const archive = await onlyArchive(carrel);
  assertEquals([archive.archiveId, archive.record.task_id, archive.record.name], [
    archiveId,
    ref.id,
    "fix-login",
  ]);
  assertEquals(/^20260101T000000\d{6}Z_[a-z0-9]{5}_fix-login$/.test(archive.archiveId), true);
  const { "task.json": json, ...after } = treeAt(host, archive.dir);
  assertEquals(after, {
    ...before,
    [`${ref.id}_dossier.json`]: dossierText,
    // The end of the run was seen by the deletion.
    [`${ref.id}_meta.yml`]: recordText.replace("exit_code:\n", "exit_code: 0\n") + "exit_reason: exited\n",
  });
  assertEquals(JSON.parse(json ?? "").project_id, "demo");
  assertEquals(json?.includes("deleting"), false);
  for (const path of [dir, dossier, bookkeeping, env]) assertEquals(await host.files.info(path), null, path);
  assertEquals(JSON.stringify(host.files.snapshot()).includes("hush"), false, "no value is left anywhere");
});

Deno.test("deleteTask() archives before it removes anything", async () => {
  const { plugin } = newRecorder();
  const { carrel, host, open } = await newWorld({
    projects: { demo: fakeProject(ENDLESS) },
    plugins: [plugin],
  });
  const ref = await runTask(carrel);
  const counting = newFaultyHost(host);
  await deleteTask(await open({ host: counting }), ref);
  const { dir, bookkeeping, dossier } = placesOf(ref);
  const at = (what: string) => counting.trace.findIndex((call) => call.startsWith(what));
  const moved = at(`rename ${dir} to ${ROOT}/archive/demo/tasks/`);
  const synced = counting.trace.indexOf(`syncDir ${ROOT}/archive/demo/tasks`);
  const order = [moved, synced, at(`removeFile ${dossier}`), at(`removeFile ${bookkeeping}`)];
  assertEquals(order, [...order].sort((a, b) => a - b));
  assertEquals(moved > 0, true);
  const json = counting.trace.findIndex((call) => call.startsWith("rename") && call.endsWith("task.json"));
  assertEquals(json >= 0 && json < moved, true);
});

Deno.test("deleteTask() stops a running task with its grace and removes the containers of every mode", async () => {
  const { plugin, calls } = newRecorder();
  const { carrel } = await newWorld({
    projects: { demo: "run: {runtime: fake, shutdown_timeout: 3, fake: {duration_ms: 1e9}}\n" },
    plugins: [plugin],
  });
  const ref = await runTask(carrel);
  calls.length = 0;
  await deleteTask(carrel, ref);
  const names = ["cli", "web", "run", "toad"].map((mode) => `demo-${mode}-${ref.id}`);
  assertEquals(calls, [`stop demo-run-${ref.id} 3000`, `remove ${names.join(" ")}`]);
  assertEquals((await onlyArchive(carrel)).record.exit_code, null);
});

Deno.test("deleteTask() of a task that never ran asks no runtime", async () => {
  const deaf = fakeWith(() => ({
    states: () => Promise.reject(new AppError("runtime_unavailable", "gone")),
    remove: () => Promise.reject(new AppError("runtime_unavailable", "gone")),
  }));
  const { carrel } = await newWorld({ plugins: [deaf] });
  const ref = await newTask(carrel);
  assertEquals((await deleteTask(carrel, ref)).warnings, []);
  assertEquals((await onlyArchive(carrel)).record.mode, null);
});

Deno.test("deleteTask() lets no token and no secret file into the archive", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: WEB } });
  const ref = await runTask(carrel, { mode: "web", env: { KEY: "hush" } });
  const { web_token } = await look(carrel, ref);
  await deleteTask(carrel, ref);
  const everything = JSON.stringify(host.files.snapshot());
  assertEquals([everything.includes(web_token ?? "-"), everything.includes("hush")], [false, false]);
  assertEquals((await onlyArchive(carrel)).map.web_port, 18_700);
});

Deno.test("deleteTask() makes it durable that the tokens are gone, before the archive has its name", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: WEB } });
  const ref = await runTask(carrel, { mode: "web" });
  const counting = newFaultyHost(host);
  await deleteTask(await open({ host: counting }), ref);
  const { dir } = placesOf(ref);
  const removed = counting.trace.indexOf(`removeFile ${dir}/agent-config/web.token`);
  const flushed = counting.trace.lastIndexOf(`syncDir ${dir}/agent-config`);
  const moved = counting.trace.findIndex((call) => call.startsWith(`rename ${dir} to `));
  assertEquals([removed >= 0, removed < flushed, flushed < moved], [true, true, true]);
});

Deno.test("deleteTask() is not blocked by a directory that only the container's user may open", async () => {
  const { carrel, host, open } = await newWorld();
  const ref = await newTask(carrel);
  const refused = `${placesOf(ref).dir}/agent-config`;
  const syncDir = async (path: string) => {
    if (path === refused) throw new AppError("permission_denied", `sync ${path}`);
    await host.files.syncDir(path);
  };
  const closed = { ...host, files: { ...host.files, syncDir } };
  assertEquals((await deleteTask(await open({ host: closed }), ref)).warnings, []);
});

Deno.test("deleteTask() is not blocked by a task that put a directory in the place of its token", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  host.files.put(`${placesOf(ref).dir}/agent-config/toad.token/trap/x`, "");
  await deleteTask(carrel, ref);
  assertEquals(
    Object.keys(treeAt(host, (await onlyArchive(carrel)).dir)).some((path) => path.includes("trap")),
    false,
  );
});

Deno.test("an archive that cannot be made leaves the task whole, stopped and unmarked", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: WEB } });
  const ref = await runTask(carrel, { mode: "web", env: { KEY: "kept" } });
  const { dir, bookkeeping } = placesOf(ref);
  host.files.put(`${dir}/workspace-dangerous/work.txt`, "precious\n");
  host.files.put(`${ROOT}/archive/demo`, "no directory");
  const before = treeAt(host, dir);
  const error = await assertRejects(async () => await deleteTask(await open(), ref), AppError);
  assertEquals([error.code, error.exit], ["archive_failed", 10]);
  assertStringIncludes(error.hint ?? "", "stopped but whole");
  assertEquals(treeAt(host, dir), { ...before, "logs/container.log": "" });
  const { status, deleting } = await look(carrel, ref);
  assertEquals([status, deleting], ["stopped", false]);
  assertEquals((await host.files.readText(bookkeeping)).includes("deleting"), false);
  await startTask(carrel, ref);
  assertEquals((await look(carrel, ref)).status, "init");
});

Deno.test("a deletion that died after its move is finished by the next one, not archived again", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  for (let at = 1; await host.files.info(placesOf(ref).dir) !== null; at++) {
    const dying = await open({ host: newFaultyHost(host, { at, with: "death" }) });
    await assertRejects(() => deleteTask(dying, ref), HostDied);
  }
  const { tasks } = await loadTasks(carrel, DEMO);
  assertEquals(tasks.map(({ meta }) => meta.status), ["deleting"]);
  const { archiveId } = await deleteTask(carrel, ref);
  assertEquals((await onlyArchive(carrel)).archiveId, archiveId);
  assertEquals((await loadTasks(carrel, DEMO)).tasks, []);
});

Deno.test("the mark of a deletion that died does not come back with its archive", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel);
  const { bookkeeping } = placesOf(ref);
  const before = await host.files.readText(bookkeeping);
  host.files.put(bookkeeping, `${before}deleting: true\n`);
  await deleteTask(carrel, ref);
  const archive = await onlyArchive(carrel);
  assertEquals(await host.files.readText(`${archive.dir}/${ref.id}_meta.yml`), before);
});

Deno.test("a container that stays is a warning and does not stop the deletion", async () => {
  const { carrel, configure } = await newWorld({ projects: { demo: fakeProject() } });
  const ref = await runTask(carrel);
  const failing = await configure("demo", fakeProject({ fail_on: "remove" }));
  const { warnings, incomplete } = await deleteTask(failing, ref);
  assertEquals([warnings.length, incomplete], [4, true]);
  assertStringIncludes(warnings.join(), `container demo-run-${ref.id} may still be there`);
  assertEquals((await loadTasks(carrel, DEMO)).tasks, []);
});

Deno.test("deleteTask() changes nothing while the runtime cannot say whether the task runs", async () => {
  const { carrel, host, configure } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const failing = await configure("demo", fakeProject({ fail_on: "states" }));
  const before = host.files.snapshot();
  assertEquals((await assertRejects(() => deleteTask(failing, ref), AppError)).exit, 9);
  assertEquals(host.files.snapshot(), before);
});

Deno.test("deleteTask() refuses an unknown task and a held lock", async () => {
  const { carrel, host } = await newWorld();
  const code = async (run: () => Promise<unknown>) => (await assertRejects(run, AppError)).code;
  assertEquals(await code(() => deleteTask(carrel, refOf("z9zzz"))), "task_not_found");
  const ref = await newTask(carrel);
  await using _lock = await host.files.lock(carrel.paths.taskLock(ref.project, ref.id), { timeoutMs: 0 });
  assertEquals(await code(() => deleteTask(carrel, ref)), "lock_timeout");
});

Deno.test("a task whose directory is gone is deleted, and its record is kept", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel, { name: "hollow" });
  const { dir } = placesOf(ref);
  await host.processes.run({ argv: ["rm", "-rf", dir] });
  await deleteTask(carrel, ref);
  assertEquals((await onlyArchive(carrel)).record.name, "hollow");
});

Deno.test("two archives of one instant get two names", async () => {
  const { carrel, host } = await newWorld({ tickMicros: 0 });
  const ref = await newTask(carrel, { name: "twin" });
  host.files.putDir(`${ROOT}/archive/demo/tasks/20260101T000000000000Z_${ref.id}_twin`);
  const { archiveId } = await deleteTask(carrel, ref);
  assertEquals(archiveId, `20260101T000000000000Z_${ref.id}_twin_1`);
});

Deno.test("deleteTask() with purge keeps nothing at all", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel, { command: ["work"], env: { KEY: "hush" }, prompt: "hush" });
  const { archiveId } = await deleteTask(carrel, ref, { purge: true });
  assertEquals([archiveId, (await listArchives(carrel, null)).archives], [null, []]);
  const left = Object.keys(host.files.snapshot()).filter((path) =>
    path.includes(ref.id) && !path.endsWith(".lock")
  );
  assertEquals([left, JSON.stringify(host.files.snapshot()).includes("hush")], [[], false]);
});

Deno.test("deleteTask() with purge makes it durable that the files are gone, before it forgets them", async () => {
  const { carrel, host, open } = await newWorld();
  const ref = await newTask(carrel);
  const counting = newFaultyHost(host);
  await deleteTask(await open({ host: counting }), ref, { purge: true });
  const { dir, bookkeeping } = placesOf(ref);
  const purged = counting.trace.findIndex((call) => call.startsWith("run rm") && call.endsWith(dir));
  const forgotten = counting.trace.indexOf(`removeFile ${bookkeeping}`);
  assertEquals([counting.trace[purged + 1], purged < forgotten], [`syncDir ${dirname(dir)}`, true]);
});

Deno.test("a purge that failed half-way can be done again, or turned into a deletion", async () => {
  for (const purge of [true, false]) {
    const { carrel, host, open } = await newWorld();
    const ref = await newTask(carrel);
    const error = await assertRejects(
      async () => await deleteTask(await open({ host: withoutTools(host) }), ref, { purge: true }),
      AppError,
      "rm: device or resource busy",
    );
    assertEquals([error.exit, (await look(carrel, ref)).status], [10, "deleting"]);
    await deleteTask(carrel, ref, { purge });
    assertEquals((await loadTasks(carrel, DEMO)).tasks, []);
  }
});

Deno.test("what a purge has left is never taken for a whole task, whatever becomes of it", async () => {
  const world = await newWorld();
  const { carrel, host, notices } = world;
  const ref = await newTask(carrel);
  const { bookkeeping } = placesOf(ref);
  const stuck = await world.open({ host: newStuckHost(host) });
  await assertRejects(() => deleteTask(stuck, ref, { purge: true }), AppError, "rm: busy");
  const readOnly = { ...host, files: { ...host.files, rename: failRename(host) } };
  const failure = await assertRejects(
    async () => await deleteTask(await world.open({ host: readOnly }), ref),
    AppError,
  );
  assertEquals(failure.code, "archive_failed");
  assertMatch(failure.hint ?? "", /^a purge of it had begun/);
  assertMatch(await host.files.readText(bookkeeping), /^deleting: true\npurging: true$/m);
  const { archiveId } = await deleteTask(carrel, ref);
  assertStringIncludes(notices.at(-1)?.text ?? "", "had begun: only what it has left is archived");
  const copies = treeAt(host, `${ROOT}/archive/demo/tasks/${archiveId}`);
  assertEquals([copies["task.json"], copies[`${ref.id}_meta.yml`]].join().includes("purging"), false);
});

/** A rename that moves no task into the archive. */
function failRename({ files }: Pick<Host, "files">): Host["files"]["rename"] {
  return (from, to) =>
    to.includes("/archive/") ? Promise.reject(osFailure("EACCES", `rename ${from}`)) : files.rename(from, to);
}

/** The same machine, on which every program fails. */
function withoutTools(host: Host): Host {
  const stderr = new TextEncoder().encode("rm: device or resource busy\n");
  const failure = { code: 1, signal: null, stdout: new Uint8Array(), stderr, timedOut: false };
  return { ...host, processes: { ...host.processes, run: () => Promise.resolve(failure) } };
}

Deno.test("deleteTask() as a dry run names its steps and does nothing", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const before = host.files.snapshot();
  const { op, archiveId } = await deleteTask(carrel, ref, {}, { dryRun: true });
  const answer = await op.answer(() => ({}));
  assertEquals("plan" in answer && answer.plan.map(({ action }) => action), [
    "stop container",
    "archive",
    "remove containers",
    "remove record",
  ]);
  assertEquals([archiveId, host.files.snapshot()], [null, before]);
});

Deno.test("deleteTask() says what lies where the record should, and leaves everything as it is", async () => {
  const { carrel, host } = await newWorld();
  const ref = await runTask(carrel);
  const { dossier } = placesOf(ref);
  await host.files.removeFile(dossier);
  host.files.put(`${dossier}/note`, "mine");
  const before = treeAt(host, placesOf(ref).dir);
  const error = await assertRejects(() => deleteTask(carrel, ref), AppError);
  assertEquals([error.code, error.exit], ["record_damaged", 10]);
  assertStringIncludes(error.message, `${dossier}: it is a directory`);
  assertStringIncludes(error.hint ?? "", "carrel doctor");
  assertEquals(treeAt(host, placesOf(ref).dir), before);
});
