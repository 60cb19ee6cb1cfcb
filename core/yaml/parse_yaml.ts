/**
 * Parses YAML text with the types of YAML 1.2's core schema (dates stay strings).
 *
 * @module
 */
import { readFlatMap } from "./flat_map.ts";

/** A parsed document, or why it is none. */
export type ParsedYaml =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string; readonly line: number | null };

/**
 * Parses one document; never throws. An empty document is null. The YAML library is loaded only for text
 * that {@linkcode readFlatMap} does not read.
 *
 * @example
 * ```ts
 * import { parseYaml } from "./parse_yaml.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await parseYaml("- 1\n- no\n"), { ok: true, value: [1, "no"] });
 * assertEquals(await parseYaml("a: [1"), { ok: false, line: 2,
 *   problem: "cannot read flow collection: unexpected end of the stream within a flow collection" });
 * ```
 */
export async function parseYaml(text: string): Promise<ParsedYaml> {
  // The library takes NUL for the end of the text and would accept what stands before it.
  if (text.includes("\0")) return { ok: false, problem: "it contains NUL bytes", line: null };
  const flat = readFlatMap(text);
  if (flat !== undefined) return { ok: true, value: flat };
  const { parse, YamlSyntaxError } = await import("@std/yaml");
  try {
    return { ok: true, value: parse(text, { schema: "core" }) };
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      const [sentence = ""] = error.message.split(/ at line \d+, column \d+/);
      return { ok: false, problem: sentence.replace(/^C/, "c").replace(/^U/, "u"), line: error.line };
    }
    // The stack overflows on deep nesting, and keys joined from aliases outgrow what a string holds.
    if (error instanceof RangeError) return { ok: false, problem: "it is nested too deeply", line: null };
    throw error;
  }
}
