import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { StorageError } from "../../core/state/errors.ts";
import { dumpsJsonDict, PyFloat, PyStr } from "../../core/state/json_dialect.ts";

const float = (value: number) => new PyFloat(value);
const str = (text: string) => new PyStr(text);

/** Made by Python: value, text. The value is what says the same here. */
const VECTORS: readonly [name: string, value: unknown, text: string][] = [
  [
    "J01",
    { b: 1, a: { d: [3, 1, 2], c: null }, B: true },
    '{"B": true, "a": {"c": null, "d": [3, 1, 2]}, "b": 1}',
  ],
  ["J02", { t: new Date("2026-01-02T03:04:05.678Z") }, '{"t": "2026-01-02 03:04:05.678000+00:00"}'],
  ["J02 whole seconds", { t: new Date("2026-01-02T03:04:05Z") }, '{"t": "2026-01-02 03:04:05+00:00"}'],
  ["J03", { t: str("2026-01-02 03:04:05") }, '{"t": "2026-01-02 03:04:05"}'],
  [
    "J04",
    { d: str("2026-01-02"), t: str("03:04:05"), td: str("1 day, 0:00:02") },
    '{"d": "2026-01-02", "t": "03:04:05", "td": "1 day, 0:00:02"}',
  ],
  [
    "J05",
    { d: str("1.10"), p: str("/a/b"), u: str("12345678-1234-5678-1234-567812345678"), y: str("b'hi'") },
    `{"d": "1.10", "p": "/a/b", "u": "12345678-1234-5678-1234-567812345678", "y": "b'hi'"}`,
  ],
  ["J06", { e: str("C.RED"), i: 2, s: "ACTIVE" }, '{"e": "C.RED", "i": 2, "s": "ACTIVE"}'],
  [
    "J07",
    { s: str("{1}"), f: str("frozenset({2})"), t: [1, [2, 3]] },
    '{"f": "frozenset({2})", "s": "{1}", "t": [1, [2, 3]]}',
  ],
  ["J08", { k: "zażółć €" }, String.raw`{"k": "za\u017c\u00f3\u0142\u0107 \u20ac"}`],
  [
    "J09",
    { emoji: "😀", esc: '"\\/\b\f\n\r\t\u0000\u001f\u007f' },
    String.raw`{"emoji": "\ud83d\ude00", "esc": "\"\\/\b\f\n\r\t\u0000\u001f\u007f"}`,
  ],
  [
    "J10",
    {
      a: float(1),
      b: 0.1,
      c: float(1e16),
      d: 1e-7,
      e: -0,
      g: 1e22,
      j: float(100000),
      k: float(1e15),
      n: 0.00001,
    },
    '{"a": 1.0, "b": 0.1, "c": 1e+16, "d": 1e-07, "e": -0.0, "g": 1e+22, "j": 100000.0, "k": 1000000000000000.0, "n": 1e-05}',
  ],
  [
    "J11",
    { big: 2n ** 63n, huge: 10n ** 30n, safe: 2n ** 53n + 1n },
    '{"big": 9223372036854775808, "huge": 1000000000000000000000000000000, "safe": 9007199254740993}',
  ],
  ["J12", { n: NaN, i: Infinity, m: -Infinity }, '{"i": Infinity, "m": -Infinity, "n": NaN}'],
  ["J13", new Map([[10, "a"], [9, "b"], [-1, "c"]]), '{"-1": "c", "9": "b", "10": "a"}'],
  ["J14", new Map<unknown, string>([[true, "t"], [0, "f"], [2, "z"]]), '{"0": "f", "true": "t", "2": "z"}'],
  [
    "J15",
    { "\u{1F600}": 1, "\uFF5E": 2, a: 3, Z: 4, _: 5 },
    String.raw`{"Z": 4, "_": 5, "a": 3, "\uff5e": 2, "\ud83d\ude00": 1}`,
  ],
  ["J16", { a: [], b: {}, c: "" }, '{"a": [], "b": {}, "c": ""}'],
  ["top level text", "x", '"x"'],
  ["lone surrogates", ["\ud800", "\udc00x"], String.raw`["\ud800", "\udc00x"]`],
  [
    "null and float keys",
    [new Map([[null, 1]]), new Map([[float(1), 2], [float(-0), 1]])],
    '[{"null": 1}, {"-0.0": 1, "1.0": 2}]',
  ],
  [
    "long and short floats",
    [123.456, 0.0001, 5e-324, 1.7976931348623157e308, 2 ** 53 + 2],
    "[123.456, 0.0001, 5e-324, 1.7976931348623157e+308, 9007199254740994.0]",
  ],
  ["undefined members and items", { a: undefined, b: [undefined] }, '{"b": [null]}'],
  ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), '{"a": 1}'],
];

for (const [name, value, text] of VECTORS) {
  Deno.test(`dumpsJsonDict() writes ${name} as Python does`, () => assertEquals(dumpsJsonDict(value), text));
}

Deno.test("dumpsJsonDict() keeps the order of insertion when it is told to", () => {
  const value = new Map<unknown, unknown>([["b", { z: 1, y: 2 }], [1, 3], ["a", 4]]);
  assertEquals(dumpsJsonDict(value, { sortKeys: false }), '{"b": {"z": 1, "y": 2}, "1": 3, "a": 4}');
});

Deno.test("dumpsJsonDict() J17 refuses what Python refuses, and what has no text in it", () => {
  const circle: Record<string, unknown> = {};
  circle.self = [circle];
  let deep: unknown = 1;
  for (let level = 0; level < 2000; level++) deep = [deep];
  const refused: unknown[] = [
    new Map<unknown, string>([[1, "a"], ["b", "c"]]),
    new Map([[[1, 2], 1]]),
    new Map([[undefined, 1]]),
    new Map([[str("C.RED"), 1]]),
    circle,
    deep,
    undefined,
    () => 1,
    Symbol("s"),
    new Set([1]),
    new Uint8Array(2),
    new TypeError("x"),
    new Date(NaN),
    new Date(8.64e15),
  ];
  for (const value of refused) {
    assertEquals(assertThrows(() => dumpsJsonDict(value), StorageError).code, "invalid_value");
  }
});

Deno.test("dumpsJsonDict() refuses NaN and infinities everywhere when they are not allowed", () => {
  for (const value of [NaN, { a: [Infinity] }, float(-Infinity), new Map([[NaN, 1]])]) {
    assertThrows(() => dumpsJsonDict(value, { allowNan: false }), StorageError);
  }
});

Deno.test("dumpsJsonDict() allows the same object twice side by side", () => {
  const part = { a: 1 };
  assertEquals(dumpsJsonDict([part, part]), '[{"a": 1}, {"a": 1}]');
});

Deno.test("dumpsJsonDict() round-trips every JSON value, in printable ASCII", () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const text = dumpsJsonDict(value, { allowNan: false });
    assertEquals(JSON.parse(text), value);
    assertEquals(/^[ -~]*$/.test(text), true);
  }));
});

Deno.test("dumpsJsonDict() writes the shortest digits that give the float back", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = dumpsJsonDict(float(value));
    assertEquals(Object.is(Number(text), value), true);
    assertEquals(/^-?\d+\.\d+$|^-?\d(\.\d+)?e[+-]\d\d+$/.test(text), true, text);
  }));
});

Deno.test("dumpsJsonDict() sorts texts by code point", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: "binary" })), (keys) => {
    const points = (text: string) => Array.from(text, (sign) => sign.codePointAt(0) ?? 0);
    const sorted = keys.toSorted((one, other) => {
      const [a, b] = [points(one), points(other)];
      const at = a.findIndex((point, index) => point !== b[index]);
      return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
    });
    const write = (order: string[], sortKeys: boolean) =>
      dumpsJsonDict(new Map(order.map((key) => [key, 0])), { sortKeys });
    assertEquals(write(keys, true), write(sorted, false));
  }));
});
