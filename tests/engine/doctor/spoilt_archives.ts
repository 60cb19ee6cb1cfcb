/**
 * Archives that are not as they should be, each with what the doctor is to say.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { restoreArchive } from "../../../core/engine/restore_archive.ts";
import { readTaskMeta } from "../../../core/meta/record_store.ts";
import { toTaskRecord } from "../../../core/meta/task_record.ts";
import { look, onlyArchive } from "../../support/world.ts";
import { ARCHIVES, copiesBelow, type Spoil } from "./spoilable.ts";

/** Every trouble of an archive. */
export const ARCHIVE_SPOILS: readonly Spoil[] = [
  {
    name: "an archive without task.json",
    spoil: async ({ world }) =>
      void await world.host.files.removeFile(`${(await onlyArchive(world.carrel)).dir}/task.json`),
    finds: [["archive_incomplete", true]],
    check: async ({ world, archived }) => {
      const { record } = await onlyArchive(await world.open());
      assertEquals([record.task_id, record.name, record.mode], [archived.id, "archived", "run"]);
    },
  },
  {
    name: "an archive with a damaged task.json",
    spoil: async ({ world }) =>
      world.host.files.put(`${(await onlyArchive(world.carrel)).dir}/task.json`, '{"mode": "r'),
    finds: [["archive_damaged", true]],
    check: async (scene) => {
      const { record } = await onlyArchive(await scene.world.open());
      assertEquals([record.name, record.mode], ["archived", "run"]);
      assertEquals(copiesBelow(scene, ARCHIVES), ['{"mode": "r']);
    },
  },
  {
    name: "an archive of which only the work is left",
    spoil: ({ world }) =>
      world.host.files.put(`${ARCHIVES}/20260101T000000000000Z_k7m2x_lost/workspace-dangerous/a`, "work"),
    finds: [["archive_incomplete", true]],
    check: async ({ world }) => {
      const text = await world.host.files.readText(`${ARCHIVES}/20260101T000000000000Z_k7m2x_lost/task.json`);
      assertEquals(JSON.parse(text), { name: "lost", project_id: "demo", task_id: "k7m2x" });
    },
  },
  {
    name: "an archive with a damaged and a missing copy of its record",
    spoil: async ({ world, archived }) => {
      const { dir } = await onlyArchive(world.carrel);
      await world.host.files.removeFile(`${dir}/${archived.id}_dossier.json`);
      world.host.files.put(`${dir}/${archived.id}_meta.yml`, "mode: run\n");
    },
    finds: [["archive_copies_damaged", true]],
    check: async (scene) => {
      const { dir, record } = await onlyArchive(await scene.world.open());
      assertEquals(copiesBelow(scene, ARCHIVES), ["mode: run\n"]);
      const map = await readTaskMeta(scene.world.host.files, dir, scene.archived.id) ?? {};
      assertEquals(toTaskRecord(map, scene.archived), record);
    },
  },
  {
    name: "an archive of which only half of the bookkeeping is left",
    spoil: async ({ world, archived }) => {
      const { dir } = await onlyArchive(world.carrel);
      for (const name of ["task.json", `${archived.id}_dossier.json`]) {
        await world.host.files.removeFile(`${dir}/${name}`);
      }
      const path = `${dir}/${archived.id}_meta.yml`;
      world.host.files.put(path, `${await world.host.files.readText(path)}labels: [`);
    },
    finds: [["archive_incomplete", true]],
    check: async ({ world, archived }) => {
      const { record } = await onlyArchive(await world.open());
      assertEquals([record.name, record.mode, record.runtime], ["archived", "run", "fake"]);
      await restoreArchive(await world.open(), await onlyArchive(await world.open()));
      assertEquals((await look(await world.open(), archived)).name, "archived");
      await deleteTask(await world.open(), archived);
    },
  },
  {
    name: "what has the name of an archive and is a file, or leads out of the archive",
    spoil: ({ world }) => {
      world.host.files.put(`${ARCHIVES}/20260101T000000000000Z_k7m2x_file`, "text");
      world.host.files.put("/home/precious/task.json", "{");
      world.host.files.symlink("/home/precious", `${ARCHIVES}/20260101T000000000000Z_k7m2x_link`);
    },
    finds: [["archive_no_directory", false], ["archive_no_directory", false]],
    check: async ({ world }) =>
      assertEquals(await world.host.files.readText("/home/precious/task.json"), "{"),
  },
  {
    name: "an empty archive",
    spoil: ({ world }) => world.host.files.putDir(`${ARCHIVES}/20260101T000000000000Z_k7m2x_empty`),
    finds: [["archive_empty", true]],
  },
];
