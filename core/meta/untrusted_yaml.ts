/**
 * YAML that lies where a task can write anything.
 *
 * Callers read at most {@linkcode AGENT_FILE_BYTES_MAX} bytes, never following links.
 *
 * @module
 */
import { type ParsedYaml, parseYaml } from "../yaml/parse_yaml.ts";

/** Agents' files larger than this are not believed. */
export const AGENT_FILE_BYTES_MAX = 64 * 1024;

/**
 * Parses one document; never throws. What is malformed, too large or made of aliases (which can grow without
 * bound) is refused.
 *
 * @example
 * ```ts
 * import { parseUntrustedYaml } from "./untrusted_yaml.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await parseUntrustedYaml("status: done\n"), { ok: true, value: { status: "done" } });
 * assertEquals((await parseUntrustedYaml("a: &a [x]\nb: *a\n")).ok, false);
 * ```
 */
export async function parseUntrustedYaml(text: string): Promise<ParsedYaml> {
  if (text.length > AGENT_FILE_BYTES_MAX) {
    return { ok: false, problem: `it is larger than ${AGENT_FILE_BYTES_MAX / 1024} KiB`, line: null };
  }
  if (usesAliases(text)) return { ok: false, problem: "it uses aliases", line: null };
  return await parseYaml(text);
}

/** Whether both an anchor and an alias may stand in the text; one without the other does no harm. */
function usesAliases(text: string): boolean {
  return /(?:^|[\s,[{:?-])&[^\s,[\]{}]/.test(text) && /(?:^|[\s,[{:?-])\*[^\s,[\]{}]/.test(text);
}
