/** `storage prune` from the outside: what it answers when not all of it can go. @module */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { newProgram, projectFile, ROOT } from "../support/program.ts";
import { errorOf } from "./output.ts";

const HEX = "0123456789abcdef";
const HIDDEN = `${ROOT}/archive/demo/tasks/.pruned-20260101T000000000000Z_q7m2x.${HEX}`;
const TASKS = `${ROOT}/sandbox-live/tasks/demo`;

/** Two leftovers, of which one is under the lock of a task that somebody is at. */
async function newScene() {
  const program = newProgram({ files: { [projectFile("demo")]: "run: {runtime: fake}\n" } });
  const { files } = program.host;
  const { stdout } = await program.run(["task", "new", "demo", "-q"]);
  const id = stdout.trim().replace("demo/", "");
  const outgoing = `${TASKS}/.${id}.outgoing`;
  files.put(`${HIDDEN}/task.json`, "12345");
  files.put(`${outgoing}/part`, "123");
  const lock = await files.lock(`${ROOT}/core/locks/demo/${id}.lock`, { timeoutMs: 0 });
  return { program, outgoing, lock };
}

Deno.test("storage prune: one that is in use stays, is named, and keeps no other; exit 11", async () => {
  const { program, outgoing, lock } = await newScene();
  const ran = await program.run(["storage", "prune", "--lock-timeout", "0", "--json"]);
  assertEquals([ran.code, errorOf(ran)?.code], [11, "partial"]);
  const { removed, kinds, freed_bytes, warnings } = JSON.parse(ran.stdout);
  assertEquals(removed.map(({ path, bytes }: Record<string, unknown>) => [path, bytes]), [[HIDDEN, 5]]);
  assertEquals(kinds, [{ kind: "pruned archive", count: 1, freed_bytes }]);
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0], `${outgoing} was not removed: `);
  await lock.release();
  const again = await program.run(["storage", "prune"]);
  assertEquals([again.code, again.stderr], [0, ""]);
  assertEquals(again.stdout.split("\n")[0], `removed unfinished move: ${outgoing}`);
});
