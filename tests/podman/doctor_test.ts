/** What the doctor does about real containers that no task has. @module */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { field, onlyTask, onProject as test } from "./project_bench.ts";
import { podman, TEST_IMAGE } from "./podman_here.ts";

test(
  "a container of a deleted task is found and removed, and nobody else's is touched",
  async (carrel, project) => {
    assertEquals((await carrel.run(["task", "run", project, "--", "true"])).code, 0);
    const task = await onlyTask(carrel, project);
    const id = task.replace(`${project}/`, "");
    const name = `${project}-run-${id}`;
    const labels = JSON.parse(await podman("inspect", "--format", "{{json .Config.Labels}}", name));
    assertEquals((await carrel.run(["doctor"])).stdout, "all is sound\n");
    assertEquals((await carrel.run(["task", "delete", task])).code, 0);

    // As of a removal that failed; one of another root, one of a task that was never there, one of nobody.
    const make = async (container: string, more: Record<string, string>) => {
      const pairs = Object.entries({ ...labels, ...more }).filter(([key]) => key.startsWith("carrel."));
      const flags = pairs.flatMap(([key, value]) => ["--label", `${key}=${value}`]);
      await podman("create", "--name", container, "--network", "none", ...flags, TEST_IMAGE, "true");
    };
    const others = [`${project}-web-${id}`, `${project}-run-k0000`, `${project}-nobody`];
    const [otherRoot = "", unknown = "", nobody = ""] = others;
    try {
      await make(name, {});
      await make(otherRoot, { "carrel.root": "/srv/another" });
      await make(unknown, { "carrel.task": "k0000" });
      await podman("create", "--name", nobody, "--network", "none", TEST_IMAGE, "true");

      const found = await carrel.run(["doctor", "--json"]);
      assertEquals(found.code, 11, found.stderr);
      const words = (answer: string) => {
        const findings: unknown = field(JSON.parse(answer), "findings");
        assert(Array.isArray(findings));
        return findings.map((each) => [field(each, "code"), field(each, "where"), field(each, "fix")]);
      };
      assertEquals(words(found.stdout).sort(), [
        ["orphan_container", task, "remove the container"],
        ["unknown_container", `${project}/k0000`, null],
      ]);
      assertEquals((await carrel.run(["doctor", "--fix"])).code, 11);
      const listed = await podman("ps", "--all", "--filter", `name=^${project}-`, "--format", "{{.Names}}");
      assertEquals(listed.split("\n").sort(), others.toSorted());
      await podman("rm", "--force", unknown);
      assertEquals((await carrel.run(["doctor"])).stdout, "all is sound\n");
    } finally {
      await podman("rm", "--force", "--ignore", name, ...others);
    }
  },
);

test("bookkeeping that is lost is written anew from what podman says", async (carrel, project) => {
  assertEquals((await carrel.run(["task", "run", project, "--", "sh", "-c", "exit 7"])).code, 7);
  const task = await onlyTask(carrel, project);
  const before = await carrel.json(["task", "status", task]);
  const records = join(carrel.place, "root", "core", "projects", project, "tasks");
  const file = join(records, `${task.replace(`${project}/`, "")}_meta.yml`);
  await Deno.writeTextFile(file, "mode: [");
  assertEquals((await carrel.run(["task", "status", task])).code, 10);
  const fixed = await carrel.run(["doctor", "--fix"]);
  assertEquals(fixed.code, 0, fixed.stderr);
  const after = await carrel.json(["task", "status", task]);
  for (const key of ["name", "mode", "status", "exit_code", "exit_reason", "runtime"]) {
    assertEquals(field(after, key), field(before, key), key);
  }
  assertStringIncludes(String(field(after, "image")), TEST_IMAGE);
  const names = Array.from(Deno.readDirSync(records), (entry) => entry.name);
  assert(names.some((each) => /_meta\.yml\.damaged-[0-9a-f]{16}$/.test(each)), names.join(" "));
  assertEquals((await carrel.run(["doctor"])).stdout, "all is sound\n");
});
