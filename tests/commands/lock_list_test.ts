/**
 * What is said of those who hold something.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newProgram } from "../support/program.ts";

Deno.test("lock list calls a lock for a time held, and forgets it when its time is up", async () => {
  const program = newProgram();
  await program.run(["lock", "acquire", "dep", "--ttl", "1m"]);
  const listed = async () => JSON.parse((await program.run(["lock", "list", "--json"])).stdout).held;
  assertEquals((await listed()).map(({ state }: { state: string }) => state), ["held"]);
  await program.host.clock.sleep(61_000);
  assertEquals(await listed(), []);
});
