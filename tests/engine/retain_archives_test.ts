import { assertEquals, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import { DEMO, fakeProject, newTask, newWorld, placesOf, ROOT, treeAt } from "../support/world.ts";

const HOUR_MS = 3_600_000;

/** Deletes three tasks, six hours apart; what was deleted first is twelve hours old then. */
async function deleteThree(keepFor: string) {
  const world = await newWorld({ projects: { demo: fakeProject({}, keepFor) } });
  for (const name of ["a", "b", "c"]) {
    const ref = await newTask(world.carrel, { name });
    world.host.files.put(`${placesOf(ref).dir}/workspace-dangerous/work.txt`, name);
    world.host.files.put(`${placesOf(ref).dir}/logs/container.log`, name);
    await deleteTask(world.carrel, ref);
    await world.host.clock.advance(6 * HOUR_MS);
  }
  await deleteTask(world.carrel, await newTask(world.carrel, { name: "last" }));
  const { archives } = await listArchives(world.carrel, DEMO);
  const work = Object.keys(treeAt(world.host, `${ROOT}/archive`)).filter((path) => path.endsWith("work.txt"));
  return { world, names: archives.map(({ record }) => record.name).toReversed(), kept: work.length };
}

Deno.test("a deletion prunes nothing unless archive.keep_for is set", async () => {
  const { world, names, kept } = await deleteThree("");
  assertEquals([names, kept, world.notices], [["a", "b", "c", "last"], 3, []]);
});

Deno.test("a deletion removes the workspaces of old archives, and says so; records and logs stay", async () => {
  const { world, names, kept } = await deleteThree("archive: {keep_for: 10h}\n");
  assertEquals([names, kept], [["a", "b", "c", "last"], 1]);
  const notices = world.notices.map(({ kind, text }) => `${kind}: ${text}`).join("\n");
  assertStringIncludes(
    notices,
    "notice: removed the workspaces of archives that archive.keep_for keeps no longer",
  );
  const [last, , , first] = (await listArchives(world.carrel, DEMO)).archives;
  assertEquals(last?.record.name, "last");
  const tree = treeAt(world.host, first?.dir ?? "");
  assertEquals([tree["logs/container.log"], "task.json" in tree], ["a", true]);
  // It can be restored still, and begins anew.
  const { ref } = await restoreArchive(
    world.carrel,
    await findArchive(world.carrel, ["demo", first?.archiveId ?? ""]),
  );
  assertEquals(".new-task-marker" in treeAt(world.host, `${placesOf(ref).dir}/workspace-dangerous`), true);
});

Deno.test("a deletion removes whole archives that are four times as old", async () => {
  const { names, kept } = await deleteThree("archive: {keep_for: 4h}\n");
  assertEquals([names, kept], [["b", "c", "last"], 0]);
});
