/**
 * Every step of prefix resolution, and all of them against rules told another way.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { normalizeTaskIdInput } from "../../core/identity/normalize_task_id_input.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { resolveTaskPrefix } from "../../core/identity/resolve_task_prefix.ts";
import { newTaskId, parseTaskId, TASK_ID_HEADS, type TaskId } from "../../core/identity/task_id.ts";
import { anyText } from "./any_text.ts";

const demo = parseProjectId("demo");
const IDS = ["q7m2x", "k3v8h", "k3a00", "k5111", "m0011"].map(parseTaskId);

function failure(raw: string, ids: readonly TaskId[] | null): AppError {
  return assertThrows(() => resolveTaskPrefix(demo, raw, ids), AppError);
}

Deno.test("resolveTaskPrefix() finds a task by any unambiguous, tolerantly read prefix", () => {
  const cases = [
    ["q7m2x", "q7m2x"],
    ["q", "q7m2x"],
    ["q7", "q7m2x"],
    ["Q7-M", "q7m2x"],
    ["-q-", "q7m2x"],
    ["k3v", "k3v8h"],
    ["K3-V8H", "k3v8h"],
    ["k3aO", "k3a00"],
    ["k5", "k5111"],
    ["k5il", "k5111"],
    ["moo", "m0011"],
  ] as const;
  for (const [raw, expected] of cases) assertEquals<string>(resolveTaskPrefix(demo, raw, IDS), expected);
});

Deno.test("resolveTaskPrefix() step 1: ids never begin with i, l or o; the heads are listed", () => {
  for (const raw of ["i", "l7m2x", "O", "-o-1", "I3V8H", "i!", "\u0130"]) {
    const error = failure(raw, IDS);
    assertEquals([error.code, error.exit], ["invalid_task_id", 2]);
    assertStringIncludes(error.message, "never begin with i, l or o");
    for (const head of TASK_ID_HEADS) assert(error.hint?.split(/\s+/).includes(head));
  }
});

Deno.test("resolveTaskPrefix() step 1: nothing at all is a missing id, said plainly", () => {
  for (const raw of ["", "-", "---"]) {
    const error = failure(raw, IDS);
    assertEquals([error.code, error.exit, error.message], ["invalid_task_id", 2, "missing task id"]);
    assertEquals(error.hint?.includes("carrel task list demo"), true);
  }
});

Deno.test("resolveTaskPrefix() step 2: malformed prefixes", () => {
  for (
    const raw of [
      ...[
        "7",
        "a",
        "u7",
        "qm",
        "qq7m2",
        "q7u",
        "q7m2xx",
        "q7m2x7",
        "q 7",
        " q7",
        "q7 ",
        "q7\n",
        "..",
        "q7/..",
        "*",
      ],
    ]
  ) {
    const error = failure(raw, IDS);
    assertEquals([error.code, error.exit], ["invalid_task_id", 2], raw);
    assertStringIncludes(error.message, JSON.stringify(raw));
  }
});

Deno.test("resolveTaskPrefix() step 3: a project without a single task record", () => {
  const error = failure("q7m2x", null);
  assertEquals([error.code, error.exit, error.message], ["task_not_found", 3, "project demo has no tasks"]);
});

Deno.test("resolveTaskPrefix() judges the text before it looks for tasks", () => {
  for (const ids of [null, [], IDS]) {
    for (const raw of ["", "o1", "77"]) assertEquals(failure(raw, ids).code, "invalid_task_id");
  }
});

Deno.test("resolveTaskPrefix() step 4: a complete id means that task, listed once or twice", () => {
  const twice = [...IDS, ...IDS];
  for (const id of IDS) assertEquals(resolveTaskPrefix(demo, id, twice), id);
});

Deno.test("resolveTaskPrefix() step 6: nothing matches", () => {
  for (const [raw, ids] of [["q8", IDS], ["q7m2z", IDS], ["z", IDS], ["q", []]] as const) {
    const error = failure(raw, ids);
    assertEquals([error.code, error.exit], ["task_not_found", 3]);
    assertStringIncludes(error.message, "demo");
  }
});

Deno.test("resolveTaskPrefix() step 7: several match; all are named, sorted", () => {
  const error = failure("K", IDS);
  assertEquals([error.code, error.exit], ["ambiguous", 4]);
  assertEquals(error.details.matches, ["k3a00", "k3v8h", "k5111"]);
  assertStringIncludes(error.hint ?? "", "k3a00, k3v8h, k5111");
  assertEquals(failure("k3", IDS).details.matches, ["k3a00", "k3v8h"]);
});

/** Says what must come out, by classifying characters instead of running through the steps. */
function expectedOutcome(raw: string, ids: readonly TaskId[] | null): string {
  const typed = [...raw].filter((char) => char !== "-").join("");
  const text = normalizeTaskIdInput(raw);
  const first = [...typed.toLowerCase()][0];
  const classes = [TASK_ID_HEADS, "0123456789", ...Array(3).fill("0123456789abcdefghjkmnpqrstvwxyz")];
  const wellFormed = [...text].length <= classes.length &&
    [...text].every((char, at) => classes[at].includes(char));
  if (first === undefined || ["i", "l", "o"].includes(first) || !wellFormed) return "invalid_task_id";
  if (ids === null) return "task_not_found";
  const found = new Set(ids.filter((id) => id.slice(0, text.length) === text));
  if (found.size > 1) return "ambiguous";
  return [...found][0] ?? "task_not_found";
}

Deno.test("resolveTaskPrefix() agrees with the rules, whatever is typed", () => {
  // Few distinct bytes, so that ids share prefixes and every outcome is common.
  const id = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 }).map((bytes) => {
    const rest = bytes.values();
    return newTaskId((count) => Uint8Array.from({ length: count }, () => rest.next().value ?? 0));
  });
  const ids = fc.option(fc.array(id, { maxLength: 6 }), { freq: 8 });
  const typed = fc.oneof(
    anyText,
    fc.string({ unit: fc.constantFrom(..."ghjGHJ012abAiIlLoO-u"), maxLength: 7 }),
    id,
    id.chain((whole) => fc.nat(5).map((length) => whole.slice(0, length).toUpperCase())),
  );
  fc.assert(
    fc.property(typed, ids, (raw, known) => {
      let outcome: string;
      try {
        outcome = resolveTaskPrefix(demo, raw, known);
      } catch (error) {
        assert(error instanceof AppError);
        outcome = error.code;
      }
      assertEquals(outcome, expectedOutcome(raw, known));
    }),
    { numRuns: 2000 },
  );
});
