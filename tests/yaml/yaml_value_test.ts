import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { asYamlMap, isYamlValue, sameYamlValue, type YamlValue } from "../../core/yaml/yaml_value.ts";
import { anyValue } from "./any_yaml.ts";

Deno.test("isYamlValue() refuses what YAML would lose", () => {
  for (const value of [undefined, 7n, Symbol("x"), () => 1, new Date(0), new Map([["a", 1]]), new Set([1])]) {
    assert(!isYamlValue(value), String(value));
    assert(!isYamlValue({ nested: [value] }), String(value));
  }
});

Deno.test("isYamlValue() refuses a value that holds itself", () => {
  const list: unknown[] = [];
  list.push({ list });
  assert(!isYamlValue(list));
});

Deno.test("asYamlMap() knows maps among values", () => {
  fc.assert(fc.property(anyValue, (value) => {
    assert(isYamlValue(value));
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    assertEquals(asYamlMap(value) !== null, isMap);
  }));
});

Deno.test("sameYamlValue() is equality of what is held, whatever the order of keys", () => {
  fc.assert(fc.property(anyValue, (value) => {
    assert(sameYamlValue(value, structuredClone(value)));
    assert(!sameYamlValue(value, { value }));
    assert(sameYamlValue({ a: value, b: 1 }, { b: 1, a: value }));
  }));
  const different: [YamlValue, YamlValue][] = [[0, -0], [1, "1"], [null, ""], [[], {}], [[1, 2], [2, 1]], [{
    a: 1,
  }, { b: 1 }]];
  for (const [a, b] of different) assert(!sameYamlValue(a, b));
});
