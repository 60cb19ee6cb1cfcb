import { assertEquals, assertMatch } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import type { StateQuery } from "../../core/port/runtime.ts";
import { fakePlugin } from "../../plugins/fake.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { measureStorage } from "../../core/storage/measure_storage.ts";
import {
  DEMO,
  fakeProject,
  fakeWith,
  newTask,
  newWorld,
  placesOf,
  projectFile,
  ROOT,
  runTask,
} from "../support/world.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";

const TASKS = `${ROOT}/sandbox-live/tasks/demo`;
const OTHER = parseProjectId("other");

Deno.test("measureStorage() gives a task a figure for each part of its directory", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel, { name: "Fix login" });
  const { dir } = placesOf(ref);
  host.files.put(`${dir}/workspace-dangerous/.new-task-marker`, "");
  host.files.put(`${dir}/workspace-dangerous/src/a`, "12345");
  host.files.put(`${dir}/agent-config/prompt.txt`, "123");
  host.files.put(`${dir}/logs/container.log`, "12");
  host.files.put(`${dir}/README.md`, "1");
  host.files.put(`${dir}/shield/audit.jsonl`, "1");
  const { usage, problems } = await measureStorage(carrel, null);
  assertEquals(usage, {
    tasks: [{
      project_id: "demo",
      task_id: ref.id,
      name: "fix-login",
      workspace_bytes: 5,
      agent_config_bytes: 3,
      total_bytes: 8,
      logs_bytes: 2,
      directory_bytes: 12,
      workspace_allocated_bytes: 4096,
      agent_config_allocated_bytes: 4096,
      logs_allocated_bytes: 4096,
      directory_allocated_bytes: 5 * 4096,
    }],
    mounts: [],
    caches: [],
    archives: [],
    others: [],
    containers: null,
    total_bytes: 12,
    total_allocated_bytes: 5 * 4096,
    unreadable: [],
  });
  assertEquals(problems, []);
});

Deno.test("measureStorage() finds mounts, caches, archives, and what lies among them", async () => {
  const { carrel, host } = await newWorld({
    files: { "/etc/carrel-test/config.yml": "agents: {claude: {label: Claude Code}}\n" },
  });
  const ref = await newTask(carrel);
  await deleteTask(carrel, ref);
  host.files.put(`${ROOT}/sandbox-live/mounts/_codex-config/auth`, "12");
  host.files.put(`${ROOT}/sandbox-live/mounts/_claude-config/auth`, "1");
  host.files.put(`${ROOT}/sandbox-live/mounts/a-file`, "12345");
  host.files.put(`${ROOT}/sandbox/clone-cache/demo/.git/HEAD`, "123");
  host.files.put(`${TASKS}/_shared/f`, "1234");
  host.files.put(`${TASKS}/.k3v8h.outgoing/f`, "12345");
  host.files.put(`${TASKS}/note`, "123456");
  host.files.symlink("/", `${TASKS}/link`);
  const { usage } = await measureStorage(carrel, null);
  assertEquals(usage.tasks, []);
  assertEquals(usage.mounts.map(({ name, label, bytes }) => [name, label, bytes]), [
    ["_claude-config", "Claude Code", 1],
    ["_codex-config", "Codex Config", 2],
  ]);
  assertEquals(usage.caches.map(({ project_id, bytes }) => [project_id, bytes]), [["demo", 3]]);
  const [archive, ...more] = usage.archives;
  assertEquals([archive?.project_id, archive?.task_id, more], ["demo", ref.id, []]);
  assertMatch(archive?.archive_id ?? "", new RegExp(`^\\d+T\\d+Z_${ref.id}_`));
  assertEquals(usage.others.map(({ path, bytes }) => [path, bytes]), [
    [`${TASKS}/.k3v8h.outgoing`, 5],
    [`${TASKS}/_shared`, 4],
    [`${TASKS}/note`, 6],
  ]);
  assertEquals(usage.total_bytes, 1 + 2 + 3 + 5 + 4 + 6 + (archive?.bytes ?? NaN));
});

Deno.test("measureStorage() of one project is that project's alone, and mounts are nobody's", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(), other: fakeProject() } });
  const ref = await newTask(carrel);
  host.files.put(`${ROOT}/sandbox-live/mounts/_claude-config/auth`, "1");
  host.files.put(`${ROOT}/sandbox/clone-cache/other/.git/HEAD`, "123");
  const all = (await measureStorage(carrel, null)).usage;
  const demo = (await measureStorage(carrel, DEMO)).usage;
  const other = (await measureStorage(carrel, OTHER)).usage;
  assertEquals([all.tasks.length, all.mounts.length, all.caches.length], [1, 1, 1]);
  assertEquals([demo.tasks.map(({ task_id }) => task_id), demo.mounts, demo.caches], [[ref.id], [], []]);
  assertEquals([other.tasks, other.mounts, other.caches.length], [[], [], 1]);
});

Deno.test("measureStorage() counts directories without a record, and records without a directory not at all", async () => {
  const { carrel, host } = await newWorld({ projects: {} });
  host.files.put(`${ROOT}/sandbox-live/tasks/lost/q7m2x/workspace-dangerous/f`, "12345");
  host.files.put(`${ROOT}/core/projects/demo/tasks/k3v8h_dossier.json`, "{}");
  const { usage } = await measureStorage(carrel, null);
  assertEquals(
    usage.tasks.map(({ project_id, task_id, name, total_bytes }) => [project_id, task_id, name, total_bytes]),
    [
      ["lost", "q7m2x", null, 5],
    ],
  );
});

Deno.test("measureStorage() finds a task whose record says that it lies elsewhere", async () => {
  const { carrel, host } = await newWorld();
  host.files.put("/far/q7m2x/workspace-dangerous/f", "12345");
  host.files.put(`${ROOT}/core/projects/demo/tasks/q7m2x_meta.yml`, "workspace: /far/q7m2x\n");
  assertEquals((await measureStorage(carrel, DEMO)).usage.tasks[0]?.total_bytes, 5);
});

Deno.test("measureStorage() does not follow a task directory that is a link, nor parts that are", async () => {
  const { carrel, host } = await newWorld();
  host.files.put("/secret/workspace-dangerous/f", "12345");
  host.files.symlink("/secret", `${TASKS}/q7m2x`);
  host.files.symlink("/secret/workspace-dangerous", `${TASKS}/k3v8h/workspace-dangerous`);
  const { usage } = await measureStorage(carrel, null);
  assertEquals(usage.tasks.map(({ task_id, directory_bytes }) => [task_id, directory_bytes]), [["k3v8h", 0]]);
});

Deno.test("measureStorage() takes only directories for the parts of a task", async () => {
  const { carrel, host } = await newWorld();
  host.files.put(`${TASKS}/q7m2x/agent-config`, "12345");
  host.files.put(`${TASKS}/q7m2x/workspace-dangerous/f`, "1");
  const [task] = (await measureStorage(carrel, DEMO)).usage.tasks;
  const { agent_config_bytes, total_bytes, directory_bytes } = task ?? {};
  assertEquals([agent_config_bytes, total_bytes, directory_bytes], [0, 1, 6]);
});

Deno.test("measureStorage() goes on with a broken configuration and a damaged record, and says so", async () => {
  const { host, open, carrel } = await newWorld();
  const ref = await runTask(carrel);
  host.files.put(projectFile("demo"), "tasks: {root: relative}\n");
  host.files.put(placesOf(ref).dossier, "{");
  const { usage, problems } = await measureStorage(await open(), null);
  assertEquals(usage.tasks.map(({ task_id, name }) => [task_id, name]), [[ref.id, null]]);
  assertEquals(problems.map(({ code }) => code), ["invalid_config"]);
});

/** The runtime `fake`, which knows what its containers have written; `asked` collects the queries. */
function sizing(asked: StateQuery[], bytes: number): RuntimePlugin {
  return fakeWith((inner) => ({
    states: async (query) => {
      asked.push(query);
      const states = await inner.states(query);
      if (query.sizes !== true) return states;
      return new Map(Array.from(states, ([name, state]) => [name, { ...state, writtenBytes: bytes }]));
    },
  }));
}

Deno.test("measureStorage() asks an engine once for all its containers, and only when it is told to", async () => {
  const asked: StateQuery[] = [];
  const projects = { demo: fakeProject(), other: fakeProject() };
  const { carrel } = await newWorld({ projects, plugins: [sizing(asked, 1000)] });
  const refs = [await runTask(carrel), await runTask(carrel, { command: ["work"] }, OTHER)];
  asked.length = 0;
  const without = (await measureStorage(carrel, null)).usage;
  assertEquals([without.containers, asked], [null, []]);
  const { usage } = await measureStorage(carrel, null, { containers: true });
  assertEquals(asked, [{ sizes: true }]);
  assertEquals(
    usage.containers,
    refs.map(({ project, id }) => ({
      project_id: project,
      task_id: id,
      container_name: `${project}-run-${id}`,
      bytes: 1000,
    })),
  );
  assertEquals(usage.total_bytes, without.total_bytes + 2000);
  const demo = await measureStorage(carrel, DEMO, { containers: true });
  assertEquals(asked.at(-1), { project: "demo", sizes: true });
  assertEquals(demo.usage.containers?.map(({ project_id }) => project_id), ["demo"]);
});

Deno.test("measureStorage() goes on when a runtime does not answer, or does not know", async () => {
  const failing = fakeWith(() => ({
    states: () => Promise.reject(new AppError("runtime_timeout", "podman ps did not end")),
  }));
  for (const [plugin, codes] of [[failing, ["runtime_timeout"]], [fakePlugin, []]] as const) {
    const { carrel, host } = await newWorld({ plugins: [plugin] });
    host.files.put(`${TASKS}/q7m2x/workspace-dangerous/f`, "12345");
    const { usage, problems } = await measureStorage(carrel, null, { containers: true });
    assertEquals([usage.containers, usage.total_bytes], [[], 5]);
    assertEquals(problems.map(({ code }) => code), [...codes]);
  }
});
