/**
 * What passes the guard cannot leave its directory.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { checkPathSegment } from "../../core/identity/path_segment.ts";
import { anyText } from "./any_text.ts";

Deno.test("checkPathSegment() lets one plain name pass", () => {
  for (const text of ["q7m2x", "a.b", ".hidden", "a..b", "a b", "20260914T101530004211Z_q7m2x_quiet-lemur"]) {
    checkPathSegment(text, "task");
  }
});

Deno.test("checkPathSegment() refuses what could leave the directory, and says what it is", () => {
  for (const text of ["", ".", "..", "..a", "...", "a/b", "/", "/etc", "a\\b", "\\", "a\0", "a/", "../a"]) {
    const error = assertThrows(() => checkPathSegment(text, "archive"), AppError, "invalid archive");
    assertEquals([error.code, error.exit], ["invalid_value", 2]);
  }
});

Deno.test("checkPathSegment() passes only text that stays directly below its directory", () => {
  const risky = fc.string({ unit: fc.constantFrom("a", ".", "/", "\\", "\0"), maxLength: 6 });
  fc.assert(fc.property(fc.oneof(anyText, risky), (text) => {
    try {
      checkPathSegment(text, "task");
    } catch (error) {
      assert(error instanceof AppError);
      return;
    }
    assertEquals(join("/srv/tasks", text), `/srv/tasks/${text}`);
    assertEquals(text.split(/[/\\]/).length, 1);
  }));
});

Deno.test("checkPathSegment() never shows control characters raw", () => {
  const error = assertThrows(() => checkPathSegment("\x1b[31m/", "task"), AppError);
  assert(!error.message.includes("\x1b"));
});
