import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError, generateTaskName, resolveTaskId, taskNew } from "../../core/mod.ts";
import { CATEGORIES } from "../../core/naming/category.ts";
import { ADJECTIVES, NOUNS } from "../../core/naming/word_lists.ts";
import { openDemo } from "./demo_world.ts";

Deno.test("resolveTaskId() reads a prefix as people type it", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo");
  const typed = `${id.slice(0, 2)}-${id.slice(2)}`.toUpperCase();
  assertEquals(await resolveTaskId(carrel, "demo", typed), id);
  assertEquals(await resolveTaskId(carrel, "demo", id.slice(0, 2)), id);
});

Deno.test("resolveTaskId() tells malformed, unknown and ambiguous prefixes apart", async () => {
  const { carrel, host } = await openDemo();
  for (const id of ["k3v8h", "k3v9x"]) {
    host.files.put(`/r/core/projects/demo/tasks/${id}_dossier.json`, `{"project":"demo","task":"${id}"}`);
  }
  const failure = async (prefix: string) =>
    await assertRejects(() => resolveTaskId(carrel, "demo", prefix), AppError);
  assertEquals((await failure("")).code, "invalid_task_id");
  assertEquals((await failure("lost")).code, "invalid_task_id");
  assertEquals((await failure("q7")).code, "task_not_found");
  const ambiguous = await failure("k3v");
  assertEquals([ambiguous.code, ambiguous.details["matches"]], ["ambiguous", ["k3v8h", "k3v9x"]]);
});

Deno.test("generateTaskName() draws from the categories that the project names", async () => {
  const { carrel } = await openDemo({ config: { tasks: { name_categories: ["plants"] } } });
  const plants = NOUNS.plants.flat();
  for (let draw = 0; draw < 20; draw++) {
    const name = await generateTaskName(carrel, "demo");
    const [adjective = "", noun = ""] = name.split("-");
    assert(ADJECTIVES.includes(adjective) && plants.includes(noun), name);
  }
});

Deno.test("generateTaskName() needs no project", async () => {
  const { carrel } = await openDemo();
  assertMatch(await generateTaskName(carrel), /^[a-z0-9]+-[a-z0-9]+$/);
  assertMatch(await generateTaskName(carrel, "never-heard-of"), /^[a-z0-9]+-[a-z0-9]+$/);
});

Deno.test("generateTaskName() names the category that it does not know", async () => {
  const { carrel } = await openDemo({ config: { tasks: { name_categories: ["plantz"] } } });
  const error = await assertRejects(() => generateTaskName(carrel, "demo"), AppError);
  assertEquals(error.code, "invalid_config");
  assert(!(CATEGORIES as readonly string[]).includes("plantz"));
});
