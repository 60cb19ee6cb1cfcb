import { assertEquals } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import type { ScriptedCommand, ScriptedResult } from "../../core/host/memory_processes.ts";
import { measureTrees } from "../../core/storage/measure_trees.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import { fakePlugin } from "../../plugins/fake.ts";
import { DEMO, newWorld, type World } from "../support/world.ts";

/** The runtime `fake`, whose containers' files belong to somebody that `as-owner` can become. */
const mapping: RuntimePlugin = {
  ...fakePlugin,
  ownerArgv: (_context, argv) => Promise.resolve(["as-owner", ...argv]),
};

/** A world with files at /t, where `find` and `as-owner` do what the test says. */
async function newFindWorld(
  plugin: RuntimePlugin,
  play: (command: ScriptedCommand) => ScriptedResult | undefined,
): Promise<World> {
  const world = await newWorld({ plugins: [plugin], files: { "/t/a/f": "12345", "/t/b/f": "123" } });
  world.host.processes.onCommand((command) => play(command));
  return world;
}

async function measure(carrel: Carrel) {
  const config = await carrel.config(DEMO);
  const trees = [{ path: "/t/a", config }, { path: "/t/b", config }];
  return await measureTrees(carrel, trees);
}

/** How a `find` ends that may not read all of the first tree. */
function denied({ argv }: ScriptedCommand): ScriptedResult {
  return argv[1] === "/t/./a" ? { code: 1, stderr: "find: '/t/./a/closed': Permission denied\n" } : {};
}

/** What a `find` that may read everything prints of the trees that it is given. */
function printAll({ argv }: ScriptedCommand): string {
  return argv.filter((word) => word.includes("/./")).map((path) =>
    path.endsWith("a") ? "1,70,8,\nnull,\n" : "1,3,8,\nnull,\n"
  )
    .join("");
}

Deno.test("measureTrees() walks where there is no find for it", async () => {
  const { carrel } = await newFindWorld(fakePlugin, () => undefined);
  const measured = await measure(carrel);
  assertEquals(measured.map(({ path, bytes }) => [path, bytes]), [["/t/a", 5], ["/t/b", 3]]);
});

Deno.test("measureTrees() tries what is denied again as the owner, and only that", async () => {
  const { carrel, host } = await newFindWorld(
    mapping,
    (command) =>
      command.argv[0] === "as-owner"
        ? { stdout: printAll(command) }
        : { stdout: "1,5,8,\nnull,\n", ...denied(command) },
  );
  const measured = await measure(carrel);
  assertEquals(measured.map(({ bytes, unreadable }) => [bytes, unreadable]), [[70, []], [5, []]]);
  const asOwner = host.processes.commands.filter(({ argv }) => argv[0] === "as-owner");
  assertEquals(asOwner.map(({ argv }) => argv.slice(1, 5)), [["find", "/t/./a", "/.", "-type"]]);
});

Deno.test("measureTrees() keeps what it has when the owner can do no better", async () => {
  const owners: [RuntimePlugin, ScriptedResult | undefined][] = [
    [fakePlugin, undefined],
    [mapping, undefined],
    [mapping, { code: 125, stderr: "cannot set up namespace\n" }],
    [mapping, { signal: "SIGKILL" }],
  ];
  for (const [plugin, asOwner] of owners) {
    const { carrel } = await newFindWorld(
      plugin,
      (command) =>
        command.argv[0] === "as-owner" ? asOwner : { stdout: "1,5,8,\nnull,\n", ...denied(command) },
    );
    const [a] = await measure(carrel);
    assertEquals(a?.bytes, 5);
    assertEquals(a?.unreadable, [{ path: "/t/a/closed", reason: "permission denied" }]);
  }
});

Deno.test("measureTrees() tells how far it is", async () => {
  const { carrel } = await newFindWorld(fakePlugin, (command) => ({ stdout: printAll(command) }));
  const config = await carrel.config(DEMO);
  const seen: number[][] = [];
  await measureTrees(carrel, [{ path: "/t/a", config }, { path: "/t/b", config }], ({ files, bytes }) => {
    seen.push([files, bytes]);
  });
  assertEquals(seen.at(-1), [2, 73]);
});
