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
