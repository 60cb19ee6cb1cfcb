import { assertEquals } from "@std/assert";
import { purgeTree } from "../../core/engine/owned_tree.ts";
import { fakePlugin } from "../../plugins/fake.ts";
import { DEMO, newWorld, ROOT } from "../support/world.ts";

Deno.test("purgeTree() opens closed directories as the owner of what containers write, and removes again", async () => {
  const { carrel, host } = await newWorld();
  let removals = 0;
  host.processes.onCommand(({ argv: [program, tool] }) => {
    if (program !== "as-owner") return undefined;
    return tool === "rm" && removals++ === 0 ? { code: 1, stderr: "rm: Permission denied\n" } : {};
  });
  const plugin = {
    ...fakePlugin,
    ownerArgv: (_context: unknown, argv: readonly string[]) =>
      Promise.resolve(["as-owner", ...argv] as const),
  };
  host.files.putDir(`${ROOT}/tree`);
  await purgeTree(carrel, await carrel.config(DEMO), plugin, `${ROOT}/tree`);
  const tools = host.processes.commands.map(({ argv }) => argv.slice(0, 3));
  assertEquals(tools, [
    ["as-owner", "rm", "-rf"],
    ["as-owner", "find", `${ROOT}/tree`],
    ["as-owner", "rm", "-rf"],
  ]);
});
