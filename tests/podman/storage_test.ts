/** What real containers leave on the disk, also as users that only the engine can become. @module */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newCarrelProgram } from "../support/carrel_program.ts";
import { addSetting, field, onProject } from "./project_bench.ts";
import { newProjectName, TEST_IMAGE, whyNoPodman } from "./podman_here.ts";

const missing = await whyNoPodman();

const LAYER_BYTES = 100_000;

interface Usage {
  readonly tasks: readonly { readonly workspace_bytes: number }[];
  readonly containers: readonly { readonly task_id: string; readonly bytes: number }[] | null;
  readonly unreadable: readonly unknown[];
}

Deno.test({
  name: `podman end to end: storage usage counts what a container wrote${
    missing === null ? "" : ` (podman: ${missing})`
  }`,
  ignore: missing !== null,
  fn: async () => {
    await using carrel = await newCarrelProgram();
    const project = newProjectName();
    const measure = async (...flags: string[]) => {
      const { code, stdout, stderr } = await carrel.run(["storage", "usage", project, "--json", ...flags]);
      assertEquals([code, stderr], [0, ""]);
      return JSON.parse(stdout) as Usage;
    };
    await carrel.run(["project", "new", project, "--image", TEST_IMAGE]);
    const file = join(carrel.place, "config", "projects", project, "project.yml");
    // An ordinary user cannot read what this one keeps to itself.
    await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}  network: none\n  user: "1234:1234"\n`);
    const { stdout } = await carrel.run(["task", "new", project, "-q"]);
    const before = await measure();
    const script =
      `umask 077; mkdir d; printf 12345 > d/f; ln d/f d/g; head -c ${LAYER_BYTES} /dev/zero > /tmp/big`;
    const ran = await carrel.run(["task", "run", stdout.trim(), "--", "sh", "-c", script]);
    assertEquals(ran.code, 0, ran.stderr);
    const after = await measure("--containers");
    assertEquals((after.tasks[0]?.workspace_bytes ?? 0) - (before.tasks[0]?.workspace_bytes ?? 0), 5);
    assertEquals([after.unreadable, before.containers, after.containers?.length], [[], null, 1]);
    assert((after.containers?.[0]?.bytes ?? 0) >= LAYER_BYTES);
  },
});

onProject("a log is cut beyond logs.max_bytes, and its end is kept", async (carrel, project) => {
  const LIMIT = 20 * 1024;
  await addSetting(carrel, project, `logs: {max_bytes: ${LIMIT}}\n`);
  const script = 'i=0; while [ $i -lt 2000 ]; do echo "line $i of many"; i=$((i+1)); done; echo end';
  const ran = await carrel.run(["task", "run", project, "-d", "-q", "--", "sh", "-c", script]);
  const task = ran.stdout.trim();
  assertEquals((await carrel.run(["task", "wait", task])).code, 0);
  const { log_file } = await carrel.json(["task", "status", task, "-v"]).then((view) =>
    field(view, "locations") as { readonly log_file: string }
  );
  const { size } = await Deno.stat(log_file);
  assert(size > 0 && size <= LIMIT, `${size}`);
  const { stdout } = await carrel.run(["task", "logs", task]);
  assert(stdout.endsWith("end\n"), stdout.slice(-100));
});
