import { assertEquals } from "@std/assert";
import { stepTask, type TaskCall, type TaskState } from "../../scripts/sweep/task_model.ts";

const RUNNING: TaskState = { isArchived: false, name: "a", isRunning: true };
const AT_REST: TaskState = { ...RUNNING, isRunning: false };
const ARCHIVED: TaskState = { ...AT_REST, isArchived: true };

function call(verb: TaskCall["verb"], answer: Partial<TaskCall> = {}): TaskCall {
  return { verb, name: "", begun: 0, ended: 1, code: 0, changed: true, seen: null, ...answer };
}

Deno.test("stepTask() holds each command to what it says of a change", () => {
  assertEquals(stepTask(RUNNING, call("start")), []);
  assertEquals(stepTask(RUNNING, call("start", { changed: false })), [RUNNING]);
  assertEquals(stepTask(AT_REST, call("start")), [RUNNING]);
  assertEquals(stepTask(RUNNING, call("rename", { name: "b" })), [{ ...RUNNING, name: "b" }]);
  assertEquals(stepTask(RUNNING, call("rename", { name: "a" })), []);
});

Deno.test("stepTask() knows that what is archived is not there", () => {
  assertEquals(stepTask(RUNNING, call("delete")), [ARCHIVED]);
  assertEquals(stepTask(ARCHIVED, call("delete")), []);
  assertEquals(stepTask(ARCHIVED, call("stop", { code: 3, changed: null })), [ARCHIVED]);
  assertEquals(stepTask(RUNNING, call("stop", { code: 3, changed: null })), []);
  assertEquals(stepTask(ARCHIVED, call("restore")), [AT_REST]);
  assertEquals(stepTask(RUNNING, call("restore")), []);
});

Deno.test("stepTask() holds a read to what it saw", () => {
  const seen = { name: "a", isRunning: true };
  assertEquals(stepTask(RUNNING, call("status", { seen })), [RUNNING]);
  assertEquals(stepTask(AT_REST, call("status", { seen })), []);
});

Deno.test("stepTask() lets a command that got no lock or no capacity change nothing", () => {
  assertEquals(stepTask(RUNNING, call("rename", { code: 6, changed: null })), [RUNNING]);
  assertEquals(stepTask(AT_REST, call("start", { code: 12, changed: null })), [AT_REST]);
  assertEquals(stepTask(RUNNING, call("start", { code: 12, changed: null })), []);
});
