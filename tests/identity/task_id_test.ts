/**
 * The shape of task ids, and that new ones are spread evenly over it.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import {
  isTaskId,
  newTaskId,
  parseTaskId,
  TASK_ID_BODY,
  TASK_ID_DIGITS,
  TASK_ID_HEADS,
  TASK_ID_LENGTH,
} from "../../core/identity/task_id.ts";
import { anyText } from "./any_text.ts";

/** Crockford base 32 is the digits and the letters without i, l, o and u. */
const CROCKFORD = [..."0123456789abcdefghijklmnopqrstuvwxyz"].filter((char) => !"ilou".includes(char));

/** The shape, said with the classes it comes from. */
function hasShape(text: string): boolean {
  const [head, digit, ...body] = [...text];
  return head !== undefined && CROCKFORD.includes(head) && !/[0-9a-f]/.test(head) &&
    digit !== undefined && "0123456789".includes(digit) &&
    body.length === 3 && body.every((char) => CROCKFORD.includes(char));
}

const bytesFrom = (values: Iterator<number>) => (count: number) =>
  Uint8Array.from({ length: count }, () => {
    const next = values.next();
    assert(next.done !== true, "the source ran dry");
    return next.value;
  });

Deno.test("the alphabets of task ids are those of the format", () => {
  assertEquals(TASK_ID_HEADS, "ghjkmnpqrstvwxyz");
  assertEquals(TASK_ID_DIGITS, "0123456789");
  assertEquals(TASK_ID_BODY, CROCKFORD.join(""));
  assertEquals(TASK_ID_LENGTH, 5);
});

Deno.test("isTaskId() accepts canonical ids only", () => {
  for (const text of ["q7m2x", "g0000", "z9zzz", "k3v8h", "h5abc"]) assert(isTaskId(text), text);
  for (
    const text of [
      ...["", "q", "q7m2", "q7m2xx", "Q7M2X", "q7-m2x", " q7m2x", "q7m2x ", "q7m2x\n", "q7m2x\nq7m2x"],
      ...["a7m2x", "77m2x", "i7m2x", "u7m2x", "qam2x", "q7i2x", "q7ml2", "q7m2o", "q7mu2", "q７m2x", "../.."],
    ]
  ) {
    assert(!isTaskId(text), JSON.stringify(text));
  }
});

Deno.test("isTaskId() agrees with the shape, whatever the text", () => {
  const near = fc.string({ unit: fc.constantFrom(...CROCKFORD, ..."iloU-"), minLength: 4, maxLength: 6 });
  fc.assert(fc.property(fc.oneof(anyText, near), (text) => isTaskId(text) === hasShape(text)));
});

Deno.test("parseTaskId() returns an id as it is and refuses the rest by code", () => {
  assertEquals<string>(parseTaskId("q7m2x"), "q7m2x");
  const error = assertThrows(() => parseTaskId("Q7M2X"), AppError, '"Q7M2X"');
  assertEquals([error.code, error.exit], ["invalid_task_id", 2]);
});

Deno.test("newTaskId() makes an id from any bytes, and parseTaskId() reads it back", () => {
  fc.assert(fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (stream) => {
    const id = newTaskId(bytesFrom(stream));
    assert(hasShape(id));
    assertEquals(parseTaskId(id), id);
  }));
});

Deno.test("newTaskId() reaches every character of every position, equally often", () => {
  const counts = Array.from({ length: TASK_ID_LENGTH }, () => new Map<string, number>());
  for (let byte = 0; byte < 250; byte++) {
    const id = newTaskId((count) => new Uint8Array(count).fill(byte));
    for (const [position, char] of [...id].entries()) {
      const seen = counts[position];
      seen?.set(char, (seen.get(char) ?? 0) + 1);
    }
  }
  // 250 is a multiple of ten only: the other alphabets miss the six bytes left out here.
  assertEquals(counts[1], new Map([...TASK_ID_DIGITS].map((char) => [char, 25])));
  assertEquals([...counts[0]?.keys() ?? []].join(""), TASK_ID_HEADS);
  for (const position of [2, 3, 4]) assertEquals([...counts[position]?.keys() ?? []].join(""), TASK_ID_BODY);
});

Deno.test("newTaskId() redraws the digit, and only the digit, above the last full round of ten", () => {
  const bytes = [255, 255, 250, 7, 255, 255, 255].values();
  assertEquals<string>(newTaskId(bytesFrom(bytes)), "z7zzz");
  assertEquals(bytes.next().done, true);
});
