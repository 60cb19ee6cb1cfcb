/**
 * Both address forms, and everything that is neither.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { formatAddress, parseTaskAddress } from "../../core/identity/address.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";

const demo = parseProjectId("demo");

Deno.test("parseTaskAddress() reads both forms", () => {
  for (const words of [["demo/q7m2x"], ["demo", "q7m2x"]]) {
    assertEquals(parseTaskAddress(words), { project: demo, task: "q7m2x" });
  }
});

Deno.test("parseTaskAddress() leaves the task half as typed: prefixes, spellings, archive names", () => {
  for (const task of ["q", "Q7-M2X", "20260914T101530004211Z_v4hd9_quiet-lemur", "-q7", "a b"]) {
    assertEquals(parseTaskAddress([`demo/${task}`]), { project: demo, task });
    assertEquals(parseTaskAddress(["demo", task]), { project: demo, task });
  }
});

Deno.test("parseTaskAddress() refuses a wrong number of words, with a hint", () => {
  for (const words of [[], ["demo"], ["q7m2x"], [""], ["demo", "q7m2x", "x"], ["demo/q7m2x", "a", "b"]]) {
    const error = assertThrows(() => parseTaskAddress(words), AppError);
    assertEquals([error.code, error.exit], ["usage", 2]);
    assertEquals(error.hint?.includes("PROJECT/TASK"), true);
  }
});

Deno.test("parseTaskAddress() takes two words as project and task, never as two addresses", () => {
  assertEquals(
    assertThrows(() => parseTaskAddress(["demo/q7m2x", "k3v8h"]), AppError).code,
    "usage",
  );
  assertEquals(assertThrows(() => parseTaskAddress(["demo", "demo/q7m2x"]), AppError).code, "invalid_value");
});

Deno.test("parseTaskAddress() guards each half", () => {
  for (const project of ["", ".", "..", "..a", "Demo", "a\\b", "-a"]) {
    for (const words of [[`${project}/q7m2x`], [project, "q7m2x"]]) {
      assertEquals(assertThrows(() => parseTaskAddress(words), AppError).code, "invalid_project_name");
    }
  }
  for (const task of ["", ".", "..", "..a", "a/b", "/a", "a/", "a\\b", "../../etc", "a\0"]) {
    for (const words of [[`demo/${task}`], ["demo", task]]) {
      const error = assertThrows(() => parseTaskAddress(words), AppError, "invalid task");
      assertEquals([error.code, error.exit], ["invalid_value", 2]);
    }
  }
});

Deno.test("formatAddress() is read back by parseTaskAddress()", () => {
  const project = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/).map(parseProjectId);
  const task = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
  fc.assert(fc.property(project, task, (project, task) => {
    assertEquals(parseTaskAddress([formatAddress(project, task)]), { project, task });
  }));
});
