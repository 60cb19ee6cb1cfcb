/**
 * The shape of project names, and what new ones must obey beyond it.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import {
  isProjectId,
  NEW_PROJECT_ID_LENGTH_MAX,
  parseNewProjectId,
  parseProjectId,
} from "../../core/identity/project_id.ts";
import { anyText } from "./any_text.ts";

const GOOD = ["a", "0", "demo", "web-shop", "my_project-2", "9-lives", "a-", "a_", "a--b", "a".repeat(255)];
const BAD = [
  ...["", "-a", "_a", ".", "..", ".a", "a.b", "a/b", "a\\b", "/a", "../a", "A", "Demo", "a b", " a", "a "],
  ...["a\n", "a\0", "é", "ａ", "a:b", "\u212a", "a".repeat(256)],
];

Deno.test("parseProjectId() accepts well-formed names", () => {
  for (const text of GOOD) assertEquals<string>(parseProjectId(text), text);
});

Deno.test("parseProjectId() refuses everything else by code, with a hint", () => {
  for (const text of BAD) {
    assert(!isProjectId(text), JSON.stringify(text));
    const error = assertThrows(() => parseProjectId(text), AppError);
    assertEquals([error.code, error.exit], ["invalid_project_name", 2]);
    assert(error.hint !== null);
  }
});

Deno.test("isProjectId() agrees with its rule said character by character", () => {
  const near = fc.string({ unit: fc.constantFrom(..."az09-_.A /"), maxLength: 6 });
  fc.assert(fc.property(fc.oneof(anyText, near), (text) => {
    const plain = (char: string) => (char >= "a" && char <= "z") || (char >= "0" && char <= "9");
    const chars = text.split("");
    const expected = plain(chars[0] ?? "") && chars.length <= 255 &&
      chars.every((char) => plain(char) || char === "-" || char === "_");
    assertEquals(isProjectId(text), expected);
  }));
});

Deno.test("parseProjectId() still reads the reserved name, parseNewProjectId() refuses it", () => {
  assertEquals<string>(parseProjectId("default"), "default");
  const error = assertThrows(() => parseNewProjectId("default"), AppError, "reserved");
  assertEquals(error.code, "invalid_project_name");
  assertEquals<string>(parseNewProjectId("default2"), "default2");
});

Deno.test("parseNewProjectId() keeps the host name of every container within one label", () => {
  const longest = parseNewProjectId("p".repeat(NEW_PROJECT_ID_LENGTH_MAX));
  for (const mode of ["cli", "run", "web", "toad"]) assert(`${longest}-${mode}-q7m2x`.length <= 63);
  assertEquals(`${longest}-toad-q7m2x`.length, 63);
  const error = assertThrows(() => parseNewProjectId(`${longest}p`), AppError, "too long");
  assertEquals(error.code, "invalid_project_name");
  assert(isProjectId(`${longest}p`), "one that exists already stays readable");
});

Deno.test("parseNewProjectId() refuses malformed names like parseProjectId()", () => {
  for (const text of BAD) {
    assertEquals(assertThrows(() => parseNewProjectId(text), AppError).code, "invalid_project_name");
  }
});
