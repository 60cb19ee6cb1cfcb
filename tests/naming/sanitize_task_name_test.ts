/**
 * The sanitiser's rules by example, over all of Unicode, and against a second telling.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sanitizeTaskName, TASK_NAME_MAX_LEN } from "../../core/naming/sanitize_task_name.ts";
import { anyText } from "../identity/any_text.ts";

const a = (count: number) => "a".repeat(count);

Deno.test("sanitizeTaskName() follows its rules in their order", () => {
  const cases: [raw: string | null, expected: string | null][] = [
    [null, null],
    ["", null],
    ["   ", null],
    ["!?", null],
    ["  Fix  Auth Bug! ", "fix-auth-bug"],
    ["-x", "-x"],
    [" -x", "-x"],
    ["- - x", "-x"],
    ["---", null],
    ["_", "_"],
    ["__a__", "__a__"],
    ["Ünïcode", "ncode"],
    ["a\tb", "ab"],
    ["a\nb", "ab"],
    ["a - b", "a-b"],
    ["a-!-b", "a-b"],
    ["a-!", "a"],
    ["a---", "a"],
    ["fix.login/now", "fixloginnow"],
    [a(60), a(60)],
    [a(61), a(60)],
    // Hyphens are stripped before the cut, so one can end up last.
    [`${a(59)}--b`, `${a(59)}-`],
    [`${a(59)}--`, a(59)],
    [`${a(60)}-b`, a(60)],
    // Characters that are dropped do not count.
    [`${"é".repeat(100)}${a(60)}`, a(60)],
  ];
  for (const [raw, expected] of cases) assertEquals(sanitizeTaskName(raw), expected, JSON.stringify(raw));
});

Deno.test("sanitizeTaskName() trims what Python's str.strip() trims", () => {
  // Python 3: [chr(c) for c in range(0x110000) if chr(c).isspace()]
  const stripped = [
    ...[
      0x09,
      0x0a,
      0x0b,
      0x0c,
      0x0d,
      0x1c,
      0x1d,
      0x1e,
      0x1f,
      0x20,
      0x85,
      0xa0,
      0x1680,
      0x2000,
      0x2001,
      0x2002,
    ],
    ...[
      0x2003,
      0x2004,
      0x2005,
      0x2006,
      0x2007,
      0x2008,
      0x2009,
      0x200a,
      0x2028,
      0x2029,
      0x202f,
      0x205f,
      0x3000,
    ],
  ];
  for (let unit = 0; unit <= 0xffff; unit++) {
    const char = String.fromCharCode(unit);
    // The space beside it shows which: trimmed with it, or left to become a hyphen.
    const outer = sanitizeTaskName(`${char} \u{1f600}x`);
    if (stripped.includes(unit)) assertEquals(outer, "x", unit.toString(16));
    else assert(outer?.endsWith("-x"), unit.toString(16));
  }
});

Deno.test("sanitizeTaskName() keeps the ASCII letters that Python's str.lower() makes of others", () => {
  assertEquals(sanitizeTaskName("\u212aelvin"), "kelvin");
  assertEquals(sanitizeTaskName("\u0130stanbul"), "istanbul");
  const others = [];
  for (let point = 0x80; point <= 0x10ffff; point++) {
    const name = sanitizeTaskName(String.fromCodePoint(point));
    if (name !== null) others.push([point, name]);
  }
  assertEquals(others, [[0x130, "i"], [0x212a, "k"]]);
});

/** The same rules, told as one pass over characters with a memory of the last one kept. */
function sanitizeByCharacter(raw: string): string | null {
  const isSpace = (char: string) =>
    (/\s/.test(char) && char !== "\ufeff") || "\x1c\x1d\x1e\x1f\x85".includes(char);
  const chars = [...raw];
  const first = chars.findIndex((char) => !isSpace(char));
  const last = chars.findLastIndex((char) => !isSpace(char));
  let name = "";
  for (const char of first === -1 ? [] : chars.slice(first, last + 1)) {
    for (const lower of char.toLowerCase()) {
      const kept = lower === " " ? "-" : lower;
      const legal = "abcdefghijklmnopqrstuvwxyz0123456789_-".includes(kept);
      if (legal && !(kept === "-" && name.endsWith("-"))) name += kept;
    }
  }
  if (name.endsWith("-")) name = name.substring(0, name.length - 1);
  return name.substring(0, 60) || null;
}

const named = fc.oneof(
  anyText,
  fc.string({ unit: fc.constantFrom(..."abZ0_-- \t\n\x1c\x85\xa0\ufeff\u212a\u0130é!"), maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(..."ab- "), minLength: 55, maxLength: 70 }),
);

Deno.test("sanitizeTaskName() agrees with the rules told character by character", () => {
  fc.assert(
    fc.property(named, (raw) => assertEquals(sanitizeTaskName(raw), sanitizeByCharacter(raw))),
    { numRuns: 3000 },
  );
});

Deno.test("sanitizeTaskName() yields slugs, and yields them again unless the cut left a last hyphen", () => {
  fc.assert(
    fc.property(named, (raw) => {
      const name = sanitizeTaskName(raw);
      if (name === null) return;
      assert(/^[a-z0-9_-]+$/.test(name) && !name.includes("--"));
      assert(name.length <= TASK_NAME_MAX_LEN);
      if (name.endsWith("-")) {
        assertEquals(name.length, TASK_NAME_MAX_LEN);
        assertEquals(sanitizeTaskName(name), name.slice(0, -1));
      } else {
        assertEquals(sanitizeTaskName(name), name);
      }
    }),
    { numRuns: 3000 },
  );
});
