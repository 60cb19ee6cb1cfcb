/**
 * Machines on which something is not as it should be, each with what the doctor is to say.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { acquire } from "../../../core/engine/task_resources.ts";
import { AppError } from "../../../core/error.ts";
import { parseProjectId } from "../../../core/identity/project_id.ts";
import { processOwner } from "../../../core/state/managers/lock_owner.ts";
import { newStuckHost } from "../../support/stuck_host.ts";
import { DEMO, look, onlyArchive, placesOf, ROOT, treeAt } from "../../support/world.ts";
import {
  addContainer,
  ARCHIVES,
  checkAdopted,
  containerNames,
  copiesBelow,
  editEngine,
  type Scene,
  type Spoil,
} from "./spoilable.ts";
import { ARCHIVE_SPOILS } from "./spoilt_archives.ts";

const RECORDS = `${ROOT}/core/projects/demo/tasks`;
const HEX = "0123456789abcdef";
const DAMAGED = "mode: [run\n";

async function putRecordOfArchived({ world }: Scene): Promise<void> {
  const { map, record } = await onlyArchive(world.carrel);
  const { dossier, bookkeeping, env } = placesOf({ project: DEMO, id: record.task_id });
  world.host.files.put(dossier, JSON.stringify({ project: DEMO, task: record.task_id, name: record.name }));
  const lines = ["mode", "runtime", "created_at", "workspace"].map((key) =>
    `${key}: ${JSON.stringify(map[key])}\n`
  );
  world.host.files.put(bookkeeping, lines.join(""));
  world.host.files.put(env, '{"KEY": "value"}\n');
}

/** Every trouble. */
export const SPOILS: readonly Spoil[] = [
  {
    name: "a damaged dossier",
    spoil: ({ world, running }) => world.host.files.put(placesOf(running).dossier, '{"project": "de'),
    finds: [["dossier_damaged", true]],
    check: async (scene) => {
      assertEquals(copiesBelow(scene, RECORDS), ['{"project": "de']);
      const { status, name } = await look(await scene.world.open(), scene.running);
      assertEquals([status, name], ["running", "running"]);
    },
  },
  {
    name: "an empty dossier",
    spoil: ({ world, running }) => world.host.files.put(placesOf(running).dossier, ""),
    finds: [["dossier_damaged", true]],
  },
  {
    name: "a missing dossier",
    spoil: async ({ world, idle }) => void await world.host.files.removeFile(placesOf(idle).dossier),
    finds: [["dossier_missing", true]],
    check: ({ world, idle }) =>
      assertEquals(JSON.parse(world.host.files.snapshot()[placesOf(idle).dossier] ?? ""), {
        project: "demo",
        task: idle.id,
        name: "idle",
      }),
  },
  {
    name: "damaged bookkeeping of a running task",
    spoil: ({ world, running }) => world.host.files.put(placesOf(running).bookkeeping, DAMAGED),
    finds: [["bookkeeping_damaged", true]],
    check: async (scene) => {
      assertEquals(copiesBelow(scene, RECORDS), [DAMAGED]);
      await checkAdopted(scene, scene.running, ["run", "running", "fake"]);
      assertEquals((await look(await scene.world.open(), scene.running)).name, "running");
    },
  },
  {
    name: "empty bookkeeping of a task that never ran",
    spoil: ({ world, idle }) => world.host.files.put(placesOf(idle).bookkeeping, ""),
    finds: [["bookkeeping_damaged", true]],
    check: (scene) => checkAdopted(scene, scene.idle, [null, "created", null]),
  },
  {
    name: "bookkeeping of which only the beginning was written",
    spoil: async ({ world, stopped }) => {
      const { bookkeeping } = placesOf(stopped);
      const text = await world.host.files.readText(bookkeeping);
      world.host.files.put(bookkeeping, `${text.slice(0, text.indexOf("  team: web"))}  team: "w`);
    },
    finds: [["bookkeeping_damaged", true]],
    check: async ({ world, stopped }) => {
      const meta = await look(await world.open(), stopped);
      // What had begun and was not ended is not believed, but what is on record of it.
      assertEquals([meta.mode, meta.runtime, meta.name, meta.labels], [
        "run",
        "fake",
        "stopped",
        { team: "web" },
      ]);
      const text = await world.host.files.readText(placesOf(stopped).bookkeeping);
      assert(text.includes("created_at: '"), text);
    },
  },
  {
    name: "missing bookkeeping",
    spoil: async ({ world, stopped }) =>
      void await world.host.files.removeFile(placesOf(stopped).bookkeeping),
    finds: [["bookkeeping_missing", true]],
    check: async (scene) => {
      const { mode, name } = await look(await scene.world.open(), scene.stopped);
      assertEquals([mode, name], ["run", "stopped"]);
    },
  },
  {
    name: "a record with two damaged files",
    spoil: ({ world, running }) => {
      world.host.files.put(placesOf(running).dossier, "[]");
      world.host.files.put(placesOf(running).bookkeeping, DAMAGED);
    },
    finds: [["dossier_damaged", true], ["bookkeeping_damaged", true]],
    check: (scene) => checkAdopted(scene, scene.running, ["run", "running", "fake"]),
  },
  {
    name: "a directory without a record",
    spoil: async ({ world, running }) => {
      const { dossier, bookkeeping } = placesOf(running);
      for (const path of [dossier, bookkeeping]) await world.host.files.removeFile(path);
    },
    finds: [["record_missing", true]],
    check: async (scene) => {
      await checkAdopted(scene, scene.running, ["run", "running", "fake"]);
      const text = scene.world.host.files.snapshot()[placesOf(scene.running).bookkeeping] ?? "";
      assert(text.includes("env_names:\n- KEY\n"), text);
    },
  },
  {
    name: "an empty directory without a record",
    spoil: ({ world }) => world.host.files.putDir(`${ROOT}/sandbox-live/tasks/demo/k7m2x`),
    finds: [["task_dir_empty", true]],
  },
  {
    name: "a directory of somebody else's with the name of a task",
    spoil: ({ world }) => world.host.files.put(`${ROOT}/sandbox-live/tasks/demo/k7m2x/notes`, "mine"),
    finds: [["task_dir_unknown", false]],
    check: ({ world }) =>
      assertEquals(treeAt(world.host, `${ROOT}/sandbox-live/tasks/demo/k7m2x`), { notes: "mine" }),
  },
  {
    name: "a record without a directory",
    spoil: async ({ world, idle }) => await world.host.files.rename(placesOf(idle).dir, `${ROOT}/elsewhere`),
    finds: [["task_dir_missing", false]],
    check: async ({ world, idle }) => assertEquals((await look(await world.open(), idle)).name, "idle"),
  },
  {
    name: "damaged bookkeeping of a task without a directory",
    spoil: async ({ world, idle }) => {
      await world.host.files.rename(placesOf(idle).dir, `${ROOT}/elsewhere`);
      world.host.files.put(placesOf(idle).bookkeeping, DAMAGED);
    },
    finds: [["bookkeeping_damaged", false], ["task_dir_missing", false]],
    check: ({ world, idle }) =>
      assertEquals(world.host.files.snapshot()[placesOf(idle).bookkeeping], DAMAGED),
  },
  {
    name: "a record that an archived task has left",
    spoil: putRecordOfArchived,
    finds: [["record_left", true]],
    check: ({ world, archived }) => {
      const { dossier, bookkeeping, env } = placesOf(archived);
      const files = world.host.files.snapshot();
      assertEquals([dossier, bookkeeping, env].filter((path) => path in files), []);
    },
  },
  {
    name: "the mark of a deletion that nobody is at",
    spoil: async ({ world, stopped }) => {
      const { bookkeeping, dir } = placesOf(stopped);
      const text = await world.host.files.readText(bookkeeping);
      world.host.files.put(bookkeeping, `${text}deleting: true\n`);
      world.host.files.put(`${dir}/task.json`, "{}");
    },
    finds: [["deletion_left", true]],
    check: async ({ world, stopped }) => {
      const { status, deleting } = await look(await world.open(), stopped);
      assertEquals([status, deleting], ["stopped", false]);
      assertEquals("task.json" in treeAt(world.host, placesOf(stopped).dir), false);
    },
  },
  {
    name: "the mark of a purge that had come to the record",
    spoil: async ({ world, idle }) => {
      const { bookkeeping, dir } = placesOf(idle);
      const text = await world.host.files.readText(bookkeeping);
      world.host.files.put(bookkeeping, `${text}deleting: true\n`);
      await world.host.files.rename(dir, `${ROOT}/elsewhere`);
    },
    finds: [["deletion_left", true]],
    check: async ({ world, idle }) => {
      const files = Object.keys(world.host.files.snapshot());
      assertEquals(files.includes(placesOf(idle).bookkeeping), false);
      assert(files.some((path) => path.startsWith(ARCHIVES) && path.includes(`_${idle.id}_idle/task.json`)));
      await world.host.clock.advance(1);
    },
  },
  {
    name: "what a purge that failed has left of a task",
    spoil: async ({ world, stopped }) => {
      const stuck = await world.open({ host: newStuckHost(world.host) });
      await assertRejects(() => deleteTask(stuck, stopped, { purge: true }), AppError, "rm: busy");
      await world.host.files.removeFile(`${placesOf(stopped).dir}/README.md`);
    },
    finds: [["deletion_left", true]],
    check: ({ world, stopped }) => {
      const left = Object.keys(world.host.files.snapshot()).filter((path) => path.includes(stopped.id));
      assertEquals(left.filter((path) => !path.endsWith(".lock")), []);
    },
  },
  {
    name: "values of variables of a task that is gone",
    spoil: ({ world, archived }) => world.host.files.put(placesOf(archived).env, '{"KEY": "value"}\n'),
    finds: [["env_left", true]],
  },
  {
    name: "values of variables of a task that nobody knows",
    spoil: ({ world }) => world.host.files.put(`${RECORDS}/k7m2x_env`, '{"KEY": "value"}\n'),
    finds: [["env_left", false]],
  },
  {
    name: "damaged values of variables",
    spoil: ({ world, running }) => world.host.files.put(placesOf(running).env, '{"KEY": '),
    finds: [["env_damaged", false]],
  },
  ...ARCHIVE_SPOILS,
  {
    name: "a container of an archived task",
    spoil: (scene) =>
      addContainer(scene, `demo-run-${scene.archived.id}`, { "carrel.task": scene.archived.id }),
    finds: [["orphan_container", true]],
    check: async ({ world, archived }) =>
      assertEquals((await containerNames(world)).includes(`demo-run-${archived.id}`), false),
  },
  {
    name: "a container of a task that nobody knows",
    spoil: (scene) => addContainer(scene, "demo-run-k7m2x", { "carrel.task": "k7m2x" }),
    finds: [["unknown_container", false]],
    check: async ({ world }) => assertEquals((await containerNames(world)).includes("demo-run-k7m2x"), true),
  },
  {
    name: "containers of another root, and of nobody",
    spoil: async (scene) => {
      const { archived } = scene;
      const other = { "carrel.task": archived.id, "carrel.root": "/srv/other" };
      await addContainer(scene, `demo-run-${archived.id}`, other);
      await editEngine(scene.world, (containers) => {
        const [model] = containers;
        assert(model !== undefined);
        return [...containers, { ...model, id: "foreign", name: `demo-cli-${archived.id}`, labels: {} }];
      });
    },
    finds: [],
    check: async ({ world, archived }) => {
      const names = await containerNames(world);
      assertEquals(names.filter((name) => name.endsWith(archived.id)).length, 2);
    },
  },
  {
    name: "a second container of a task",
    spoil: (scene) => addContainer(scene, `demo-cli-${scene.stopped.id}`, { "carrel.mode": "cli" }),
    finds: [["stray_container", true]],
    check: async ({ world, stopped }) => {
      const names = await containerNames(world);
      assertEquals(names.filter((name) => name.endsWith(stopped.id)), [`demo-run-${stopped.id}`]);
    },
  },
  {
    name: "a second container of a task, which runs",
    spoil: ({ world, running }) =>
      editEngine(world, (containers) => {
        const own = containers.find(({ labels }) => labels["carrel.task"] === running.id);
        assert(own !== undefined);
        return [...containers, { ...own, id: "second", name: `demo-cli-${running.id}` }];
      }),
    finds: [["stray_container", false]],
    check: async ({ world, running }) =>
      assertEquals((await containerNames(world)).filter((name) => name.endsWith(running.id)).length, 2),
  },
  {
    name: "what a task holds that is gone, and a process that is gone",
    spoil: async ({ world, archived }) => {
      const { carrel, host } = world;
      const { pid } = host.processes.start();
      const owner = await processOwner(host, pid);
      assert(owner !== null);
      const config = await carrel.config(DEMO);
      const container = {
        kind: "container",
        host: host.system.hostname,
        runtime: "fake",
        project: "demo",
        name: `demo-run-${archived.id}`,
      } as const;
      await acquire(carrel, config, {
        flow: `demo/${archived.id}`,
        wanted: { "port:18700": 1 },
        owner: container,
      });
      await acquire(carrel, config, { flow: "lock build somebody", wanted: { build: 1 }, owner });
      await acquire(carrel, config, {
        flow: "lock other script",
        wanted: { other: 1 },
        owner: { kind: "lease", name: "script" },
        ttlMs: 1e9,
      });
      host.processes.end(pid);
    },
    finds: [["hold_left", true], ["hold_left", true]],
    check: async ({ world }) => {
      const locks = await world.state.resourceLock.listLocks();
      assertEquals(locks.map(({ resource_id }) => resource_id), ["other"]);
    },
  },
  {
    name: "a clone cache that git cannot read",
    spoil: ({ world }) => world.host.files.put(`${ROOT}/sandbox/clone-cache/demo/.git/HEAD`, "ref: refs/hea"),
    finds: [["clone_cache_damaged", true]],
    check: ({ world }) => assertEquals(treeAt(world.host, `${ROOT}/sandbox/clone-cache`), {}),
  },
  {
    name: "leftovers of every kind",
    spoil: async ({ world: { host }, stopped, archived }) => {
      const { dir } = placesOf(stopped);
      for (
        const path of [
          `${ROOT}/sandbox/clone-cache/.demo.${HEX}.tmp/.git/HEAD`,
          `${ARCHIVES}/.pruned-20260101T000000000000Z_q7m2x_a.${HEX}/task.json`,
          `${ARCHIVES}/.${archived.id}.incoming/part`,
          `${dir}/.workspace-dangerous.${HEX}.tmp/part`,
          `${RECORDS}/.${stopped.id}_meta.yml.${HEX}.tmp`,
          `${RECORDS}/k7m2x_meta.yml.damaged-${HEX}`,
        ]
      ) host.files.put(path, "x");
      await host.clock.advance(25 * 3_600_000);
    },
    finds: Array.from({ length: 6 }, () => ["leftover", true] as const),
    check: ({ world: { host } }) =>
      assertEquals(Object.keys(host.files.snapshot()).filter((path) => path.includes(HEX)), []),
  },
  {
    name: "a project of which nothing is known but its records, with a broken project.yml",
    spoil: ({ world }) => {
      world.host.files.put("/etc/carrel-test/projects/spoilt/project.yml", "run: {runtime: fake\n");
      world.host.files.putDir(`${ROOT}/core/projects/${parseProjectId("spoilt")}/tasks`);
    },
    finds: [["not_checked", false]],
  },
];
