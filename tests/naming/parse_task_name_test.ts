/**
 * Which names are accepted, and how the others are refused.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { parseTaskName } from "../../core/naming/parse_task_name.ts";
import { sanitizeTaskName } from "../../core/naming/sanitize_task_name.ts";
import { validateTaskName } from "../../core/naming/validate_task_name.ts";
import { anyText } from "../identity/any_text.ts";

Deno.test("validateTaskName() refuses a leading hyphen and nothing else", () => {
  for (const name of ["a", "0", "_", "a-b", "a-", "fix_it"]) assertEquals(validateTaskName(name), null);
  for (const name of ["-", "-x", "-x-y"]) assertStringIncludes(validateTaskName(name) ?? "", "hyphen");
});

Deno.test("parseTaskName() makes a name of what was typed", () => {
  assertEquals<string>(parseTaskName("  Fix  Auth Bug! "), "fix-auth-bug");
  assertEquals<string>(parseTaskName(" x"), "x");
});

Deno.test("parseTaskName() refuses text with nothing usable, quoting it", () => {
  for (const raw of ["", "  ", "---", "é!", "\x1b"]) {
    const error = assertThrows(() => parseTaskName(raw), AppError, JSON.stringify(raw));
    assertEquals([error.code, error.exit], ["invalid_task_name", 2]);
  }
});

Deno.test("parseTaskName() refuses a leading hyphen with the reason and a name that works", () => {
  for (const raw of ["-x", "--name", "! -x", "\ufeff x"]) {
    const error = assertThrows(() => parseTaskName(raw), AppError, "must not start with a hyphen");
    assertEquals([error.code, error.exit], ["invalid_task_name", 2]);
    const proposal = error.hint?.match(/^try "(.+)"$/)?.[1] ?? "";
    assertEquals<string>(parseTaskName(proposal), proposal);
  }
});

Deno.test("parseTaskName() accepts exactly what sanitises to a valid name", () => {
  fc.assert(fc.property(fc.oneof(anyText, anyText.map((text) => `-${text}`)), (raw) => {
    const name = sanitizeTaskName(raw);
    if (name === null || name.charAt(0) === "-") {
      assert(assertThrows(() => parseTaskName(raw), AppError).code === "invalid_task_name");
    } else {
      assertEquals<string>(parseTaskName(raw), name);
    }
  }));
});
