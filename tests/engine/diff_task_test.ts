import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DIFF_SCRIPT } from "../../core/engine/diff_script.ts";
import { type DiffRequest, diffTask } from "../../core/engine/diff_task.ts";
import { AppError } from "../../core/error.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import type { ContainerSpec, Runtime } from "../../core/port/runtime.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  newTask,
  newWorld,
  placesOf,
  runTask,
  treeAt,
} from "../support/world.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

type Exec = Runtime["exec"];

/** A runtime whose `exec` is played by `exec`, and that tells what containers were made and removed. */
function newDiffRuntime(exec: Exec, more: Partial<Runtime> = {}) {
  const execs: { name: string; argv: readonly string[] }[] = [];
  const specs: ContainerSpec[] = [];
  const plugin: RuntimePlugin = {
    ...fakeWith((inner) => ({
      create: (spec) => {
        specs.push(spec);
        return inner.create(spec);
      },
      exec: (name, argv, options) => {
        execs.push({ name, argv });
        return exec(name, argv, options);
      },
      ...more,
    })),
    needsImage: true,
  };
  return { plugin, execs, specs };
}

const says = (text: string): Exec => async (_name, _argv, { onOutput }) => {
  await onOutput("stdout", new TextEncoder().encode(text));
  await onOutput("stderr", new TextEncoder().encode("warning: noise\n"));
  return 0;
};

function project(script: Record<string, unknown>): string {
  return `run: {runtime: fake, image: dev, user: "1000", fake: ${JSON.stringify(script)}}\n`;
}

async function newDiffWorld(exec: Exec, script: Record<string, unknown>, more: Partial<Runtime> = {}) {
  const runtime = newDiffRuntime(exec, more);
  const world = await newWorld({ projects: { demo: project(script) }, plugins: [runtime.plugin] });
  const ref = await runTask(world.carrel);
  world.host.files.put(`${placesOf(ref).dir}/agent-config/.base`, `${COMMIT}\n`);
  const diff = async (request: DiffRequest) =>
    new TextDecoder().decode(await diffTask(world.carrel, ref, request));
  const containers = async () => {
    const { runtime } = await world.carrel.openRuntime("fake", await world.carrel.config(DEMO));
    return [...(await runtime.states({})).keys()];
  };
  return { ...world, ...runtime, ref, diff, containers };
}

Deno.test("diffTask() runs git where the task runs, with the arguments of the question", async () => {
  const { diff, execs, specs, ref } = await newDiffWorld(says("+a line\n"), ENDLESS);
  assertEquals(await diff({ against: "base" }), "+a line\n");
  await diff({ against: "head", stat: true });
  await diff({ against: "prev" });
  const name = `demo-run-${ref.id}`;
  assertEquals(execs, [
    { name, argv: ["sh", "-c", DIFF_SCRIPT, "carrel-diff", "base", COMMIT] },
    { name, argv: ["sh", "-c", DIFF_SCRIPT, "carrel-diff", "head", COMMIT, "--stat"] },
    { name, argv: ["sh", "-c", DIFF_SCRIPT, "carrel-diff", "prev", COMMIT] },
  ]);
  assertEquals(specs.length, 1, "no container but the task's own");
});

Deno.test("diffTask() of a task that does not run uses a throw-away container that can touch nothing", async () => {
  const { diff, specs, execs, ref, host, containers } = await newDiffWorld(says("+x\n"), { exit_code: 0 });
  const before = treeAt(host, placesOf(ref).dir);
  assertEquals(await diff({ against: "head" }), "+x\n");
  const spec = specs.at(-1);
  assertEquals(execs[0]?.name, spec?.name);
  assertEquals([spec?.image, spec?.pull, spec?.network, spec?.user], ["dev", "never", "none", "1000"]);
  assertEquals(spec?.mounts, [{
    source: `${placesOf(ref).dir}/workspace-dangerous`,
    target: "/workspace",
    readOnly: true,
    relabel: "private",
    own: false,
  }]);
  assertEquals([spec?.unrestricted, spec?.ports, spec?.labels["carrel.project"]], [false, [], undefined]);
  assertEquals(await containers(), [`demo-run-${ref.id}`]);
  assertEquals(treeAt(host, placesOf(ref).dir), before);
});

Deno.test("diffTask() removes its throw-away container whatever fails", async () => {
  const failure = new AppError("runtime_failed", "no");
  const dies: Exec = () => Promise.reject(failure);
  const exec = await newDiffWorld(dies, { exit_code: 0 });
  assertEquals(await assertRejects(() => exec.diff({ against: "head" }), AppError), failure);
  assertEquals(await exec.containers(), [`demo-run-${exec.ref.id}`]);

  const { carrel, configure, ref, containers, diff } = await newDiffWorld(says(""), { exit_code: 0 });
  const failing = await configure("demo", project({ exit_code: 0, fail_on: "start" }));
  await assertRejects(
    () => diffTask(failing, ref, { against: "head" }),
    AppError,
    "simulated failure of start",
  );
  assertEquals(await containers(), [`demo-run-${ref.id}`]);
  assertEquals([await diff({ against: "head" }), carrel === failing], ["", false]);
});

Deno.test("diffTask() removes a throw-away container that a failed create left", async () => {
  const removed: string[] = [];
  const half = newDiffRuntime(says(""), {
    remove: (names) => {
      removed.push(...names);
      return Promise.resolve(names.map((name) => ({ name, removed: true, error: null })));
    },
  });
  const { carrel, open } = await newWorld({ projects: { demo: project({}) }, plugins: [half.plugin] });
  const ref = await runTask(carrel);
  const failing = newDiffRuntime(says(""), {
    create: () => Promise.reject(new AppError("runtime_failed", "made, but not told")),
    remove: (names) => {
      removed.push(...names);
      return Promise.resolve([]);
    },
  });
  const later = await open({ plugins: [failing.plugin] });
  await assertRejects(() => diffTask(later, ref, { against: "head" }), AppError, "made, but not told");
  assertEquals(removed.map((name) => name.startsWith(`demo-diff-${ref.id}-`)), [true]);
});

Deno.test("diffTask() tells what the script complained of", async () => {
  const complains = (text: string, code: number): Exec => async (_name, _argv, { onOutput }) => {
    await onOutput("stderr", new TextEncoder().encode(text));
    return code;
  };
  const cases: [string, number, string][] = [
    ["carrel: the workspace is not a git repository\n", 125, "the workspace is not a git repository"],
    ["carrel: this image has no git\n", 125, "this image has no git"],
    ["hint: x\nfatal: bad revision 'HEAD~1'\n", 128, "fatal: bad revision 'HEAD~1'"],
    ["", 1, "git ended with 1"],
    ["", 127, "has no sh"],
  ];
  for (const [said, code, expected] of cases) {
    const { diff } = await newDiffWorld(complains(said, code), ENDLESS);
    const error = await assertRejects(() => diff({ against: "prev" }), AppError);
    assertEquals([error.code, error.exit], ["wrong_state", 5]);
    assertStringIncludes(error.message, expected);
  }
});

Deno.test("diffTask() gives up on a diff that would fill the memory", async () => {
  let given = 0;
  const endless: Exec = async (_name, _argv, { onOutput }) => {
    for (const piece = new Uint8Array(1024 ** 2);; given++) await onOutput("stdout", piece);
  };
  const { diff } = await newDiffWorld(endless, ENDLESS);
  const error = await assertRejects(() => diff({ against: "head" }), AppError, "larger than 64 MiB");
  assertEquals([error.code, given], ["wrong_state", 64]);
  assertStringIncludes(error.hint ?? "", "--stat");
});

Deno.test("diffTask() against the base needs to know it", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const error = await assertRejects(() => diffTask(carrel, ref, { against: "base" }), AppError);
  assertEquals(error.code, "wrong_state");
  assertStringIncludes(error.hint ?? "", "--head");
});

Deno.test("diffTask() of a task that never ran is refused", async () => {
  const { carrel } = await newWorld();
  const ref = await newTask(carrel);
  assertEquals(
    (await assertRejects(() => diffTask(carrel, ref, { against: "head" }), AppError)).code,
    "never_ran",
  );
});
