/** Tests of clone caches through the library. @module */
import { assertEquals, assertRejects } from "@std/assert";
import { cacheStatus, clearCache, syncCloneCache } from "../../core/api/clone_cache.ts";
import { AppError } from "../../core/error.ts";
import { newGitTool, putUpstream } from "../support/git_tool.ts";
import { newFileTools } from "../support/file_tools.ts";
import { openDemo } from "./demo_world.ts";

const COMMIT = "1".repeat(40);

async function openCached() {
  const world = await openDemo({ config: { git: { upstream_url: "/srv/app.git" } } });
  for (const tool of [newFileTools(world.host), newGitTool(world.host)]) world.host.processes.onCommand(tool);
  putUpstream(world.host, "/srv/app.git", COMMIT);
  return world;
}

Deno.test("a cache is made, described and cleared by the project's name", async () => {
  const { carrel } = await openCached();
  assertEquals((await cacheStatus(carrel, "demo")).cached, false);
  const { cached, commit, branch } = await syncCloneCache(carrel, "demo");
  assertEquals([cached, commit, branch], [true, COMMIT, "main"]);
  assertEquals((await cacheStatus(carrel, "demo")).commit, COMMIT);
  assertEquals([await clearCache(carrel, "demo"), await clearCache(carrel, "demo")], [true, false]);
});

Deno.test("what is no project is an error", async () => {
  const { carrel } = await openCached();
  for (const call of [syncCloneCache, cacheStatus, clearCache]) {
    assertEquals((await assertRejects(() => call(carrel, "nope"), AppError)).code, "project_not_found");
    assertEquals((await assertRejects(() => call(carrel, "../demo"), AppError)).code, "invalid_project_name");
  }
});
