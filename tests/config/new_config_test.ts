/** Tests of what is warned of when layers are put together. @module */
import { assertEquals } from "@std/assert";
import { openConfig, PATHS } from "./open_config.ts";

Deno.test("a hook that is set is one warning, wherever it is set; one that is not set is none", async () => {
  const both = await openConfig({
    project: "hooks: {pre_start: echo}\n",
    user: "hooks: {pre_start: ls, post_stop: ls}\n",
  });
  assertEquals(both.warnings, [
    `${PATHS.project}:1: hooks.pre_start is not run by this version`,
    `${PATHS.user}:1: hooks.post_stop is not run by this version`,
  ]);
  const given = await openConfig({ env: { CARREL_HOOKS_POST_READY: "ls" } });
  assertEquals(given.warnings, ["CARREL_HOOKS_POST_READY: hooks.post_ready is not run by this version"]);
  assertEquals((await openConfig({ project: "hooks: {pre_start: ''}\n" })).warnings, []);
  assertEquals((await openConfig({ project: "hooks: [\n" })).warnings, []);
});
