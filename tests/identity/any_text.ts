/**
 * Text as nobody expects it, for properties.
 *
 * @module
 */
import fc from "fast-check";

/** Any text: printable, binary, any code point, lone surrogates. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);
