/** Containers that were made before their root was moved, or copied. @module */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { CarrelProgram } from "../support/carrel_program.ts";
import { podman, TEST_IMAGE } from "./podman_here.ts";
import { field, onlyTask, onProject } from "./project_bench.ts";

/** Ends when it is told to. */
const ENDLESS = "trap exit TERM; echo hello; while :; do sleep 0.1; done";

/** Runs a task that does not end, moves or copies the root, and moves it back at the end. */
function test(
  name: string,
  { how, before = [] }: { how: "mv" | "cp"; before?: string[] },
  body: (there: Pick<CarrelProgram, "run">, task: string, carrel: CarrelProgram) => Promise<void>,
): void {
  onProject(name, async (carrel, project) => {
    const ran = await carrel.run(["task", "run", "-d", project, "--", "sh", "-c", ENDLESS]);
    assertEquals(ran.code, 0, ran.stderr);
    const task = await onlyTask(carrel, project);
    if (before.length > 0) assertEquals((await carrel.run([...before, task])).code, 0);
    const [from, to] = [join(carrel.place, "root"), join(carrel.place, "other")];
    const put = (...args: string[]) => new Deno.Command(how, { args }).output();
    await put(...(how === "cp" ? ["-a"] : []), from, to);
    try {
      await body({ run: (args) => carrel.run(args, { env: { CARREL_ROOT: to } }) }, task, carrel);
    } finally {
      if (how === "mv") await put(to, from);
    }
  });
}

function containerOf(task: string): string {
  return task.replace("/", "-run-");
}

async function isThere(name: string): Promise<boolean> {
  return await podman("ps", "--all", "--filter", `name=^${name}$`, "--format", "{{.Names}}") === name;
}

test(
  "a task whose root was moved while it ran is seen, stopped, and made anew",
  { how: "mv" },
  async (there, task) => {
    const name = containerOf(task);
    assertEquals((await there.run(["task", "exec", task, "--", "true"])).code, 0);
    assertEquals((await there.run(["task", "status", task, "--is", "running"])).code, 0);
    assertEquals((await there.run(["doctor"])).stdout, "all is sound\n");
    const following = there.run(["task", "logs", "--follow", task]);
    assertMatch((await there.run(["task", "stop", task])).stdout, /^stopped /);
    assertEquals((await following).stdout, "hello\n");
    assertEquals((await there.run(["task", "followup", task, "more"])).code, 5);
    const started = await there.run(["task", "start", task]);
    assertEquals(started.code, 0, started.stderr);
    const labels = JSON.parse(await podman("inspect", "--format", "{{json .Config.Labels}}", name));
    assertMatch(labels["carrel.root"], /\/other$/);
    assertEquals((await there.run(["task", "delete", "--purge", "--yes", task])).code, 0);
    assertEquals(await isThere(name), false);
  },
);

test("a task that was restarted, and whose root was moved then, is deleted with its container", {
  how: "mv",
  before: ["task", "restart"],
}, async (there, task) => {
  // The record has the operation of the last start, the container that of the one which made it.
  const name = containerOf(task);
  assertEquals((await there.run(["task", "stop", task])).code, 0);
  assertEquals((await there.run(["task", "delete", task])).code, 0);
  assertEquals(await isThere(name), false);
});

test("a copy of a root touches no container of its original", { how: "cp" }, async (there, task, carrel) => {
  assertMatch((await there.run(["task", "stop", task])).stdout, /^not running/);
  assertEquals((await there.run(["task", "delete", "--purge", "--yes", task])).code, 0);
  assertEquals((await carrel.run(["task", "status", task, "--is", "running"])).code, 0);
});

test("a container of a root that is gone is not taken for the task's without a proof", { how: "mv" }, async (
  there,
  task,
) => {
  const name = containerOf(task);
  const labels = JSON.parse(await podman("inspect", "--format", "{{json .Config.Labels}}", name));
  await podman("rm", "--force", "--time", "0", name);
  const faked = { ...labels, "carrel.op": "0190a5e4-0000-7000-8000-000000000000" };
  const flags = Object.entries(faked).filter(([key]) => key.startsWith("carrel."))
    .flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  await podman("run", "-d", "--name", name, "--network", "none", ...flags, TEST_IMAGE, "sleep", "300");
  try {
    for (const verb of ["stop", "start", "delete", "status"]) {
      const { code, stderr } = await there.run(["task", verb, task]);
      assertEquals(code, 4, verb);
      assertStringIncludes(stderr, `container ${name} has the labels of this task`);
    }
    const { code, stdout } = await there.run(["doctor", "--json"]);
    const findings = field(JSON.parse(stdout), "findings");
    assertEquals([code, Array.isArray(findings) && findings.map((each) => field(each, "code"))], [
      11,
      ["unproved_container"],
    ]);
  } finally {
    await podman("rm", "--force", "--time", "0", name);
  }
});
