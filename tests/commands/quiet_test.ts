/**
 * What `-q` leaves of lists and checks: names for another command, one a line.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { newProgram } from "../support/program.ts";
import { newScene, type Scene } from "./scene.ts";

async function quietly({ run }: Pick<Scene, "run">, line: string): Promise<string> {
  const { code, stdout, stderr } = await run([...line.split(" "), "-q"]);
  assertEquals([code, stderr], [0, ""], line);
  return stdout;
}

Deno.test("lock list -q names each lock once", async () => {
  const program = newProgram({ files: {} });
  assertEquals(await quietly(program, "lock list"), "");
  for (const name of ["deploy", "build"]) await quietly(program, `lock acquire ${name} --ttl 10 --as me`);
  assertEquals((await quietly(program, "lock list")).split("\n").sort(), ["", "build", "deploy"]);
});

Deno.test("lock acquire -q prints the holder, which releases it; a dry run has none", async () => {
  const program = newProgram({ files: {} });
  assertEquals(await quietly(program, "lock acquire deploy --ttl 10 --as me"), "me\n");
  assertEquals(await quietly(program, "lock acquire build --ttl 10 --dry-run"), "");
  const holder = (await quietly(program, "lock acquire build --ttl 10 --idempotency-key k")).trim();
  assertMatch(holder, /^[0-9a-f-]{36}$/);
  assertEquals(
    (await quietly(program, "lock acquire build --ttl 10 --idempotency-key k")).trim(),
    holder,
  );
  await quietly(program, `lock release build --as ${holder}`);
  assertEquals(await quietly(program, "lock list"), "deploy\n");
});

Deno.test("audit list -q prints the place of each event in the chain", async () => {
  const scene = await newScene();
  const events = JSON.parse((await scene.run(["audit", "list", "--limit", "3", "--json"])).stdout);
  const places = events.map(({ seq }: { readonly seq: number }) => `${seq}\n`).join("");
  assertEquals(await quietly(scene, "audit list --limit 3"), places);
  assertEquals(await quietly(scene, "audit list --until 1970-01-01"), "");
});

Deno.test("state check -q has nothing to say of a sound store", async () => {
  assertEquals(await quietly(newProgram({ files: {} }), "state check"), "");
});
