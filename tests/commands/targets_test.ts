/**
 * Verbs on several tasks: `-`, slash forms, items, partial success.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { errorOf, type Item } from "./output.ts";
import { newScene, type Scene } from "./scene.ts";

const VERBS = ["start", "restart", "stop", "delete"] as const;

function addresses({ ids }: Scene, ...words: ("idle" | "done" | "busy")[]): string {
  return words.map((word) => `demo/${ids[word]}\n`).join("");
}

Deno.test("no addresses on stdin are success: no items", async () => {
  for (const verb of VERBS) {
    const scene = await newScene();
    for (const stdin of ["", "\n", "  \n\n"]) {
      const { code, stdout, stderr } = await scene.run(["task", verb, "-", "--json"], { stdin });
      const { op, ...answer } = JSON.parse(stdout);
      assertEquals([code, stderr, answer], [0, "", { changed: false, items: [] }], verb);
      assert(typeof op === "string");
    }
  }
});

Deno.test("- is answered with items, whatever the count, and so are several words", async () => {
  const scene = await newScene();
  const { busy, done } = scene.ids;
  const one = await scene.run(["task", "stop", "-", "--json"], { stdin: addresses(scene, "busy") });
  const [item, ...others] = JSON.parse(one.stdout).items;
  assertEquals([one.code, others, item.changed, item.task_id, item.task.status], [
    0,
    [],
    true,
    busy,
    "stopped",
  ]);
  const two = await scene.run(["task", "stop", "demo/{busy}", "demo/{done}", "--json"]);
  const answer = JSON.parse(two.stdout);
  assertEquals([two.code, answer.changed], [0, false]);
  assertEquals(answer.items.map((each: Item) => [each.project_id, each.task_id, each.changed]), [
    ["demo", busy, false],
    ["demo", done, false],
  ]);
});

Deno.test("words and - may stand together, and one target in two words is no list", async () => {
  const scene = await newScene();
  const both = await scene.run(["task", "stop", "demo/{busy}", "-", "--json"], {
    stdin: addresses(scene, "done"),
  });
  assertEquals(JSON.parse(both.stdout).items.length, 2);
  const single = await scene.run(["task", "stop", "demo", "{busy}", "--json"]);
  assertEquals(Object.keys(JSON.parse(single.stdout)), ["op", "changed", "task"]);
});

Deno.test("when some fail the others are done, and the answer names each: exit 11", async () => {
  const scene = await newScene();
  const stdin = `${addresses(scene, "busy", "idle")}demo/z0zzz\nnope/q7m2x\nnonsense\n`;
  const ran = await scene.run(["task", "stop", "-", "--json"], { stdin });
  const { changed, items } = JSON.parse(ran.stdout);
  assertEquals([ran.code, changed, errorOf(ran)?.code, errorOf(ran)?.exit], [11, true, "partial", 11]);
  assertEquals(items.map((item: Item) => (item.error as Item | undefined)?.code ?? "done"), [
    "done",
    "done",
    "task_not_found",
    "project_not_found",
    "usage",
  ]);
  assertEquals(items[2].target, "demo/z0zzz");
  assertEquals([items[2].error.exit, items[2].error.retryable], [3, false]);
  assertStringIncludes(String(errorOf(ran)?.message), "3 of 5 failed");
  const words = await scene.run(["task", "stop", "-"], { stdin });
  const { busy, idle } = scene.ids;
  assertEquals([words.code, words.stdout], [
    11,
    `not running: demo/${busy} (busy)\nnot running: demo/${idle} (idle)\n`,
  ]);
  assertStringIncludes(words.stderr, "demo/z0zzz: no task z0zzz in project demo");
});

Deno.test("--quiet prints the addresses of those that were done, so that commands can be chained", async () => {
  const scene = await newScene();
  const running = await scene.run(["task", "list", "-q", "--status", "running"]);
  assertEquals(running.stdout, addresses(scene, "busy"));
  const stopped = await scene.run(["-q", "task", "stop", "-"], { stdin: `${running.stdout}demo/z0zzz\n` });
  assertEquals([stopped.code, stopped.stdout], [11, addresses(scene, "busy")]);
  const deleted = await scene.run(["-q", "task", "delete", "-"], { stdin: stopped.stdout });
  assertEquals([deleted.code, deleted.stdout], [0, addresses(scene, "busy")]);
});

Deno.test("--ignore-not-found holds for each of several", async () => {
  const scene = await newScene();
  const targets = ["demo/z0zzz", "demo/{done}", "nope/q7m2x"];
  const ran = await scene.run(["task", "delete", "--ignore-not-found", ...targets, "--json"]);
  const { changed, items } = JSON.parse(ran.stdout);
  assertEquals([ran.code, changed], [0, true]);
  assertEquals(items.map((item: Item) => [item.changed, item.task_id, item.target]), [
    [false, null, "demo/z0zzz"],
    [true, scene.ids.done, undefined],
    [false, null, "nope/q7m2x"],
  ]);
});

Deno.test("a dry run of several is one plan, and names the failures to come", async () => {
  const scene = await newScene();
  const before = scene.program.host.files.snapshot();
  const stdin = `${addresses(scene, "busy", "idle")}demo/z0zzz\n`;
  const ran = await scene.run(["task", "stop", "-", "--dry-run", "--json"], { stdin });
  const { dry_run, changed, plan, items } = JSON.parse(ran.stdout);
  assertEquals([ran.code, dry_run, changed], [11, true, true]);
  assertEquals(plan, [{ action: "stop container", target: `demo-run-${scene.ids.busy}` }]);
  assertEquals(items.map(({ target, error }: Item) => [target, (error as Item).code]), [
    ["demo/z0zzz", "task_not_found"],
  ]);
  const none = await scene.run(["task", "stop", "-", "--dry-run", "--json"]);
  assertEquals(JSON.parse(none.stdout), { dry_run: true, changed: false, plan: [] });
  const wrong = await scene.run(["task", "stop", "demo/z0zzz", "nope/q7m2x", "--dry-run", "--json"]);
  assertEquals([wrong.code, JSON.parse(wrong.stdout).dry_run], [11, true]);
  assertEquals(scene.program.host.files.snapshot(), before);
});

Deno.test("too much on stdin is refused before anything is done", async () => {
  const scene = await newScene();
  const stdin = addresses(scene, "busy").repeat(200_000);
  const ran = await scene.run(["task", "stop", "-"], { stdin });
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertStringIncludes(ran.stderr, "hint: give less at once");
});
