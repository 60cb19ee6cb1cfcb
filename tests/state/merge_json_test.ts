import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { StorageError } from "../../core/state/errors.ts";
import { mergeJson } from "../../core/state/merge_json.ts";

Deno.test("mergeJson() replaces members as a whole, never inside", () => {
  assertEquals(mergeJson('{"a":{"x":1},"b":1}', '{"a":{"y":2}}'), '{"a": {"y": 2}, "b": 1}');
});

Deno.test("mergeJson() takes nothing and the empty text for no members", () => {
  assertEquals([mergeJson(null, ""), mergeJson("", "{}"), mergeJson("", '{"a":1}')], [
    "{}",
    "{}",
    '{"a": 1}',
  ]);
});

Deno.test("mergeJson() keeps ints of any size and floats as they are", () => {
  const merged = mergeJson('{"a":123456789012345678901,"b":1e3,"c":-0,"d":-0.0}', '{"e":0.1}');
  assertEquals(merged, '{"a": 123456789012345678901, "b": 1000.0, "c": 0, "d": -0.0, "e": 0.1}');
});

Deno.test("mergeJson() treats __proto__ as any other key", () => {
  assertEquals(mergeJson('{"__proto__":{"a":1}}', '{"b":2}'), '{"__proto__": {"a": 1}, "b": 2}');
});

Deno.test("mergeJson() refuses what is not an object", () => {
  for (const text of ["[]", "1", "null", '"x"', "{", "NaN", '{"a":1e999}', "\ud800"]) {
    assertEquals(assertThrows(() => mergeJson(text, "{}"), StorageError).code, "invalid_value");
    assertThrows(() => mergeJson("{}", text), StorageError);
  }
});

Deno.test("mergeJson() says what spreading the parsed objects says", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(fc.property(object, object, (base, patch) => {
    const merged = mergeJson(JSON.stringify(base), JSON.stringify(patch));
    assertEquals(JSON.parse(merged), JSON.parse(JSON.stringify({ ...base, ...patch })));
  }));
});
