import { assertEquals, assertStringIncludes } from "@std/assert";
import { examine, toFinding } from "../../../core/engine/doctor/examine.ts";
import { repair } from "../../../core/engine/doctor/repair.ts";
import { createTask } from "../../../core/engine/create_task.ts";
import { osFailure } from "../../../core/host/os_failure.ts";
import { DEMO, newRealCarrel } from "../../support/real_carrel.ts";
import { makeReadOnly, mayMount, mountTmpfs } from "../../support/small_disk.ts";
import { fakeProject, newTask, newWorld, ROOT } from "../../support/world.ts";

Deno.test({
  name: "a root that cannot be written is a finding for a person, also with --fix",
  ignore: !mayMount,
  async fn() {
    await using real = await newRealCarrel();
    const { root } = real.carrel.paths;
    await using _tmpfs = await mountTmpfs(root, "6M");
    await createTask(real.carrel, DEMO);
    assertEquals(await examine(real.carrel), []);
    await real.carrel.close();
    await makeReadOnly(root);
    await using carrel = await real.open();
    // SQLite needs a file beside the database to read it.
    const expected = [["not_writable", root, null], ["state_unusable", carrel.paths.stateDb, null]];
    const found = (await examine(carrel)).map(toFinding);
    assertEquals(found.map(({ code, where, fix }) => [code, where, fix]), expected);
    assertStringIncludes(found[0]?.what ?? "", "read-only");
    const { findings } = await repair(carrel);
    assertEquals(findings.map(({ code, where, fix }) => [code, where, fix]), expected);
  },
});

Deno.test("each place that cannot be written is told once", async () => {
  const tasks = "tasks: {root: /srv/tasks}\n";
  const world = await newWorld({ projects: { demo: fakeProject({}, tasks), other: fakeProject() } });
  await newTask(world.carrel);
  const denied = [`${ROOT}/core`, `${ROOT}/core/projects/demo/tasks`, "/srv/tasks"];
  const checkWritable = (path: string) =>
    denied.includes(path)
      ? Promise.reject(osFailure("EACCES", `write in ${path}`))
      : world.host.files.checkWritable(path);
  const host = { ...world.host, files: { ...world.host.files, checkWritable } };
  const found = await examine(await world.open({ host }));
  assertEquals(found.map(({ code, where }) => [code, where]), [
    ["not_writable", `${ROOT}/core`],
    ["not_writable", "/srv/tasks"],
  ]);
});
