/**
 * YAML from a person's hands: read twice, once with types and once as written, and never without bounds.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { parseYaml } from "../yaml/parse_yaml.ts";

/** Largest text that is parsed, in bytes. */
export const YAML_BYTES_MAX = 1024 * 1024;

const DEPTH_MAX = 64;
const NODES_MAX = 100_000;

/** A parsed document, twice. */
export interface YamlDocument {
  /** Scalars with the types of YAML's core schema. */
  readonly typed: unknown;
  /** Every scalar but null is its own text: `1.10` is not 1.1, `0755` not 493. */
  readonly written: unknown;
}

/**
 * Parses one YAML document; an empty one is null. Throws `invalid_config` with `details.line` (or
 * null) when it is malformed, larger than {@linkcode YAML_BYTES_MAX}, deeper than 64 levels or, with
 * its aliases followed, of more than 100,000 nodes.
 *
 * @example
 * ```ts
 * import { parseYamlBounded } from "./parse_yaml_bounded.ts";
 * import { assertEquals } from "@std/assert";
 * const { typed, written } = await parseYamlBounded("version: 1.10");
 * assertEquals([typed, written], [{ version: 1.1 }, { version: "1.10" }]);
 * ```
 */
export async function parseYamlBounded(text: string): Promise<YamlDocument> {
  if (text.length > YAML_BYTES_MAX) throw refusal("it is larger than 1 MiB");
  const parsed = await parseYaml(text);
  if (!parsed.ok) throw refusal(parsed.problem, parsed.line);
  const typed = parsed.value;
  if (!measure(typed)) return { typed, written: typed };
  const { parse, YamlSyntaxError } = await import("@std/yaml");
  try {
    return { typed, written: withNulls(parse(text, { schema: "failsafe" }), typed) };
  } catch (error) {
    // The schema of plain texts does not know the tags (`!!int`) that an author may have put.
    if (error instanceof YamlSyntaxError) return { typed, written: typed };
    throw error;
  }
}

/** Walks the tree as if aliases were copies, within bounds; true if it holds a number or a boolean. */
function measure(root: unknown): boolean {
  let nodes = 0;
  let differs = false;
  const visit = (node: unknown, depth: number) => {
    if (++nodes > NODES_MAX) throw refusal(`it holds more than ${NODES_MAX} values`);
    if (depth > DEPTH_MAX) throw refusal(`it is nested deeper than ${DEPTH_MAX} levels`);
    if (typeof node === "object" && node !== null) {
      for (const child of Object.values(node)) visit(child, depth + 1);
    } else if (node !== null && typeof node !== "string") {
      differs = true;
    }
  };
  visit(root, 0);
  return differs;
}

/** The untyped tree says `null` for null; the typed one knows which of those texts were nulls. */
function withNulls(written: unknown, typed: unknown): unknown {
  if (typed === null) return null;
  if (Array.isArray(written) && Array.isArray(typed)) {
    return written.map((item, i) => withNulls(item, typed[i]));
  }
  if (isMap(written) && isMap(typed)) {
    return Object.fromEntries(
      Object.entries(written).map(([key, value]) => [key, withNulls(value, typed[key])]),
    );
  }
  return written;
}

/** True if `node` is a YAML map. */
export function isMap(node: unknown): node is Record<string, unknown> {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

function refusal(problem: string, line: number | null = null): AppError {
  return new AppError("invalid_config", problem, { details: { line } });
}
