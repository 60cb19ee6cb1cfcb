import { assertEquals, assertRejects } from "@std/assert";
import { deriveOperationId } from "../../core/engine/derive_operation_id.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { AppError } from "../../core/error.ts";
import { newUuidV7 } from "../../core/identity/uuid.ts";
import { findOperation } from "../../core/query/find_operation.ts";
import { newTask, newWorld } from "../support/world.ts";

async function newScene() {
  const world = await newWorld();
  const { carrel, host, state } = world;
  const one = await newTask(carrel);
  const two = await newTask(carrel);
  await host.clock.advance(86_400_000);
  const request = newUuidV7(host);
  const parts = [one, two].map(({ id }) => deriveOperationId(request, id));
  await renameTask(carrel, one, "a", { parent: request, op: parts[0] ?? "" });
  await renameTask(carrel, two, "b", { parent: request, op: parts[1] ?? "" });
  const find = (typed: string) => findOperation(state, typed);
  const failure = async (typed: string) => await assertRejects(() => find(typed), AppError);
  return { state, request, parts, find, failure };
}

Deno.test("findOperation() takes an id or an unambiguous beginning, in any case of letters", async () => {
  const { parts: [part = ""], find } = await newScene();
  for (const typed of [part, part.toUpperCase(), part.slice(0, 30)]) {
    const found = await find(typed);
    assertEquals(found.kind === "operation" && [found.operation.op, found.operation.status], [
      part,
      "CLOSED",
    ]);
  }
});

Deno.test("findOperation() takes the id of a request, which only its parts know", async () => {
  const { request, parts, find } = await newScene();
  for (const typed of [request, request.slice(0, 30)]) {
    const found = await find(typed);
    assertEquals(found.kind === "request" && [found.op, found.parts.map(({ op }) => op)], [request, parts]);
  }
});

Deno.test("findOperation() names the matches when there are several", async () => {
  const { request, parts, failure } = await newScene();
  const within = await failure(request.slice(0, 15));
  assertEquals([within.code, within.exit], ["ambiguous", 4]);
  const { matches } = within.details;
  assertEquals(Array.isArray(matches) && matches.sort(), [request, ...parts].sort());
  assertEquals((await failure("01")).code, "ambiguous");
});

Deno.test("findOperation() tells what is not there from what is no id", async () => {
  const { failure } = await newScene();
  assertEquals([(await failure("ffff")).code, (await failure("ffff")).exit], ["operation_not_found", 3]);
  for (const typed of ["", "-", "demo/q7m2x", "0190 ", "g", "0".repeat(37)]) {
    assertEquals((await failure(typed)).code, "invalid_value", typed);
  }
  const error = await assertRejects(() => findOperation(null, "01"), AppError);
  assertEquals(error.code, "operation_not_found");
});

Deno.test("findOperation() does not take the flow of somebody else for an operation", async () => {
  const { state, failure } = await newScene();
  await state.lifecycle.recordTransition("fade", null, "CREATED");
  assertEquals((await failure("fade")).code, "operation_not_found");
});
