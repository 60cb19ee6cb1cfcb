import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { measureStorage } from "../../core/storage/measure_storage.ts";
import { DEMO, newRealCarrel } from "../support/real_carrel.ts";

Deno.test("a file counts once in each part of a task that has names of it, and sums are those of the parts", async () => {
  await using real = await newRealCarrel();
  const dir = join(real.carrel.paths.liveTasksRoot(DEMO), "q7m2x");
  const [workspace, agentConfig] = [join(dir, "workspace-dangerous"), join(dir, "agent-config")];
  for (const part of [workspace, agentConfig]) await Deno.mkdir(part, { recursive: true });
  await Deno.writeTextFile(join(workspace, "a"), "x".repeat(1000));
  const names = [join(workspace, "b"), join(agentConfig, "a"), join(agentConfig, "b"), join(dir, "a")];
  for (const name of names) await Deno.link(join(workspace, "a"), name);
  const { usage } = await measureStorage(real.carrel, DEMO);
  const [task] = usage.tasks;
  const { workspace_bytes, agent_config_bytes, total_bytes, directory_bytes } = task ?? {};
  assertEquals([workspace_bytes, agent_config_bytes, total_bytes], [1000, 1000, 2000]);
  assertEquals([directory_bytes, usage.total_bytes], [3000, 3000]);
});
