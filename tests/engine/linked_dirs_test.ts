/** Tests of tasks with links in the place of their own directories: no verb looks, writes or removes where they lead. @module */
import { assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { diffTask } from "../../core/engine/diff_task.ts";
import { followupTask } from "../../core/engine/followup_task.ts";
import { observeTask } from "../../core/engine/observe_tasks.ts";
import { pruneStorage } from "../../core/engine/prune_storage.ts";
import { resolveEscalation } from "../../core/engine/resolve_escalation.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { repair } from "../../core/engine/doctor/repair.ts";
import { AppError } from "../../core/error.ts";
import { readTaskLogs } from "../../core/query/task_logs.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import {
  dataOf,
  newAgent,
  newRecorder,
  newWorld,
  onlyArchive,
  placesOf,
  runTask,
  treeAt,
  type World,
} from "../support/world.ts";

const VICTIM = "/home/somebody";
const AGED = ".important.0123456789abcdef.tmp";
/** What carrel would read, write or remove if that were the task's agent-config, logs or workspace. */
const TREASURE = {
  [AGED]: "mine",
  "agent.token": "mine",
  "web.token": "mine",
  "prompt.txt": "mine",
  "prompt-history.txt": "mine",
  "work-status.yml": "status: stolen\n",
  "escalation.yml": "reason: stolen?\n",
  "decision.yml": "mine",
  ".ready": "",
  ".base": `${"a".repeat(40)}\n`,
  "container.log": "2026-01-01T00:00:00Z stdout F stolen\n",
};

interface Scene extends World {
  readonly ref: TaskRef;
  readonly link: string;
  readonly calls: readonly string[];
}

/** A task that has ended, `name` of its directory being a link since. */
async function newScene(name: string): Promise<Scene> {
  const { plugin, calls } = newRecorder();
  const project = "run: {runtime: fake, agent: codex}\ngit: {upstream_url: 'https://example.org/app.git'}\n";
  const world = await newWorld({ plugins: [plugin], projects: { demo: project } });
  const { carrel, host } = world;
  await newAgent(carrel);
  const ref = await runTask(carrel, { command: ["agent"], prompt: "first" });
  for (const [file, text] of Object.entries(TREASURE)) host.files.put(`${VICTIM}/${file}`, text);
  await host.clock.advance(3 * 86_400_000);
  await stopTask(carrel, ref).catch(() => {});
  const link = `${placesOf(ref).dir}/${name}`;
  await host.files.rename(link, "/was");
  host.files.symlink(VICTIM, link);
  calls.length = 0;
  return { ...world, ref, link, calls };
}

for (const name of ["agent-config", "logs", "workspace-dangerous"]) {
  Deno.test(`a start of a task whose ${name} is a link is refused, and changes nothing`, async () => {
    const { carrel, host, ref, link, calls } = await newScene(name);
    const record = await host.files.readText(placesOf(ref).bookkeeping);
    const verbs = [
      () => followupTask(carrel, ref, "hello"),
      () => followupTask(carrel, ref, "hello", {}, { dryRun: true }),
      () => startTask(carrel, ref),
      () => restartTask(carrel, ref),
      () => restartTask(carrel, ref, { recreate: true }),
      () => diffTask(carrel, ref, { against: "head" }),
    ];
    for (const verb of verbs) {
      const error = await assertRejects(verb, AppError);
      assertEquals([error.code, error.exit], ["permission_denied", 10], error.message);
      assertStringIncludes(error.message, `${link} is a symbolic link`);
    }
    assertEquals(calls.filter((call) => !call.startsWith("stop ")), []);
    assertEquals(treeAt(host, VICTIM), TREASURE);
    assertEquals(await host.files.readText(placesOf(ref).bookkeeping), record);
    await host.files.removeFile(link);
    await host.files.rename("/was", link);
    assertEquals((await followupTask(carrel, ref, "hello")).changed, true);
  });

  Deno.test(`a task whose ${name} is a link is deleted, the link archived as a link`, async () => {
    const { carrel, host, ref } = await newScene(name);
    await deleteTask(carrel, ref);
    const { dir } = await onlyArchive(carrel);
    assertEquals(treeAt(host, dir)[name], `-> ${VICTIM}`);
    await restoreArchive(carrel, await onlyArchive(carrel));
    assertEquals(treeAt(host, placesOf(ref).dir)[name], `-> ${VICTIM}`);
    await deleteTask(carrel, ref, { purge: true });
    assertEquals(treeAt(host, VICTIM), TREASURE);
  });

  Deno.test(`whoever looks for leftovers does not look where a linked ${name} leads`, async () => {
    const { carrel, host, ref } = await newScene(name);
    assertEquals((await pruneStorage(carrel)).removed, []);
    const { findings } = await repair(carrel);
    assertEquals(findings.filter(({ where }) => where.includes(ref.id)).map(({ code }) => code), []);
    assertEquals(treeAt(host, VICTIM), TREASURE);
  });
}

Deno.test("what lies behind a linked agent-config or logs is not what the task says", async () => {
  const { carrel, host, ref } = await newScene("agent-config");
  const before = dataOf(host);
  const { meta, question } = await observeTask(carrel, ref);
  assertEquals([meta.work_status, meta.needs_human, question], [null, false, null]);
  const error = await assertRejects(() => resolveEscalation(carrel, ref, { decision: "OVERRIDE" }), AppError);
  assertStringIncludes(error.message, "asks nothing");
  assertEquals(treeAt(host, VICTIM), TREASURE);
  assertEquals(before[placesOf(ref).bookkeeping], await host.files.readText(placesOf(ref).bookkeeping));
  const other = await newScene("logs");
  const reading = () => Array.fromAsync(readTaskLogs(other.carrel, other.ref));
  assertEquals((await assertRejects(reading, AppError)).code, "logs_not_found");
});

Deno.test("an agent-config that becomes a link once leftovers are listed keeps what it leads to", async () => {
  const { host, link, open } = await newScene("agent-config");
  await host.files.removeFile(link);
  host.files.put(`${link}/${AGED}`, "x");
  await host.clock.advance(2 * 86_400_000);
  let looks = 0;
  const info: typeof host.files.info = async (path) => {
    const facts = await host.files.info(path);
    // Its age was looked at, and now it is measured.
    if (path !== `${link}/${AGED}` || ++looks !== 2) return facts;
    await host.files.rename(link, "/was-there");
    host.files.symlink(VICTIM, link);
    return facts;
  };
  const swapping = await open({ host: { ...host, files: { ...host.files, info } } });
  const { removed, warnings } = await pruneStorage(swapping);
  assertEquals([removed, warnings.length], [[], 1]);
  assertEquals(treeAt(host, VICTIM), TREASURE);
});

Deno.test("a start puts its log file in the place of a link", async () => {
  const { carrel, host, ref, link } = await newScene("agent-config");
  await host.files.removeFile(link);
  const log = `${placesOf(ref).dir}/logs/container.log`;
  host.files.symlink(`${VICTIM}/container.log`, log);
  await startTask(carrel, ref);
  assertNotEquals((await host.files.info(log))?.kind, "symlink");
  assertEquals(treeAt(host, VICTIM), TREASURE);
});
