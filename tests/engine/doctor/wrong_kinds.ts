/**
 * Machines on which something else lies where a record should: it is set aside as it is, and the record made anew.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { DEMO, look, onlyArchive, placesOf, ROOT, treeAt } from "../../support/world.ts";
import type { Scene, Spoil } from "./spoilable.ts";

/** What was set aside below a directory: name without the hash, and what it holds or leads to. */
function asideBelow({ world: { host } }: Scene, dir: string): [name: string, text: string][] {
  return Object.entries(treeAt(host, `${ROOT}/${dir}`))
    .flatMap(([path, text]): [string, string][] => {
      const [, name, rest] = /([^/]+)\.damaged-[0-9a-f]{16}(.*)$/.exec(path) ?? [];
      return name === undefined ? [] : [[`${name}${rest}`, text]];
    });
}

/** Puts something in the place of a file. */
async function replace({ world: { host } }: Scene, path: string, put: () => void): Promise<void> {
  await host.files.removeFile(path);
  put();
}

/** Every such trouble. */
export const WRONG_KINDS: readonly Spoil[] = [
  {
    name: "a directory with something in it for a dossier",
    spoil: async (scene) => {
      const { dossier } = placesOf(scene.idle);
      await replace(scene, dossier, () => scene.world.host.files.put(`${dossier}/note`, "mine"));
    },
    finds: [["dossier_damaged", true]],
    check: async (scene) => {
      const name = `${scene.idle.id}_dossier.json`;
      assertEquals(asideBelow(scene, "core/projects/demo/tasks"), [[`${name}/`, ""], [
        `${name}/note`,
        "mine",
      ]]);
      const carrel = await scene.world.open();
      assertEquals((await look(carrel, scene.idle)).status, "created");
      await deleteTask(carrel, scene.idle);
    },
  },
  {
    name: "a fifo for the bookkeeping",
    spoil: async (scene) => {
      const { bookkeeping } = placesOf(scene.running);
      await replace(scene, bookkeeping, () => scene.world.host.files.fifo(bookkeeping));
    },
    finds: [["bookkeeping_damaged", true]],
    check: async (scene) => {
      assertEquals(asideBelow(scene, "core").map(([name]) => name), [`${scene.running.id}_meta.yml`]);
      assertEquals((await look(await scene.world.open(), scene.running)).status, "running");
    },
  },
  {
    name: "a directory for the values of a task",
    spoil: async (scene) => {
      const { env } = placesOf(scene.running);
      await replace(scene, env, () => scene.world.host.files.putDir(env));
    },
    finds: [["env_damaged", false]],
  },
  {
    name: "an archive whose task.json is a link to somebody's file",
    spoil: async (scene) => {
      const { host, carrel } = scene.world;
      const path = `${(await onlyArchive(carrel)).dir}/task.json`;
      host.files.put("/home/somebody/secret.json", '{"name": "stolen"}');
      await replace(scene, path, () => host.files.symlink("/home/somebody/secret.json", path));
    },
    finds: [["archive_damaged", true]],
    check: async (scene) => {
      const { record, project } = await onlyArchive(await scene.world.open());
      assertEquals([record.name, record.mode, project], ["archived", "run", DEMO]);
      assertEquals(asideBelow(scene, "archive"), [["task.json", "-> /home/somebody/secret.json"]]);
      const secret = await scene.world.host.files.readText("/home/somebody/secret.json");
      assertEquals(secret, '{"name": "stolen"}');
    },
  },
];
