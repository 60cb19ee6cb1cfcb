/**
 * Nothing of a damaged file is lost when it is written anew.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { sha256Hex } from "../state/sha256.ts";

/** So many digits tell apart what one file has ever held. */
const HASH_DIGITS = 16;

const COPY = /^(.+)\.damaged-[0-9a-f]{16}$/;

/**
 * The name of the file that a copy is of; null for the name of no copy.
 *
 * @example
 * ```ts
 * import { keptNameOf } from "./keep_damaged.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(keptNameOf("q7m2x_meta.yml.damaged-0123456789abcdef"), "q7m2x_meta.yml");
 * assertEquals(keptNameOf("q7m2x_meta.yml"), null);
 * ```
 */
export function keptNameOf(name: string): string | null {
  return COPY.exec(name)?.[1] ?? null;
}

/**
 * Keeps a copy beside the file, `<name>.damaged-<hash of its content>`, under which no reader looks for it; that
 * path. However often it is called for the same content, there is one copy.
 */
export async function keepDamaged({ host }: Carrel, path: string): Promise<string> {
  const content = await host.files.read(path);
  const copy = `${path}.damaged-${sha256Hex(content).slice(0, HASH_DIGITS)}`;
  if (await host.files.info(copy) === null) await durableWrite(host, copy, content);
  return copy;
}
