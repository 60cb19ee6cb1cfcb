/**
 * Nothing of a damaged file is lost when it is written anew.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { readRecordBytes, type RecordPlace } from "../meta/read_record_text.ts";
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
 * path. However often it is called for the same content, there is one copy. What is no file at all, such as a
 * directory, is given such a name itself. The file must be there.
 */
export async function keepDamaged(carrel: Carrel, path: string, place: RecordPlace = {}): Promise<string> {
  const { host } = carrel;
  const content = await readIfFile(carrel, path, place);
  if (content === null) return await setAside(carrel, path);
  const copy = damagedName(path, content);
  if (await host.files.info(copy) === null) await durableWrite(host, copy, content);
  return copy;
}

/** Text of a damaged file, whatever its bytes; what is no file says nothing. */
export async function readDamaged(carrel: Carrel, path: string): Promise<string> {
  return new TextDecoder().decode(await readIfFile(carrel, path, {}) ?? new Uint8Array());
}

async function readIfFile({ host }: Carrel, path: string, place: RecordPlace) {
  try {
    return await readRecordBytes(host.files, path, place);
  } catch (error) {
    if (isAppError(error, "record_damaged")) return null;
    throw error;
  }
}

async function setAside({ host: { files } }: Carrel, path: string): Promise<string> {
  const info = await files.info(path);
  const aside = damagedName(path, new TextEncoder().encode(`${info?.device}:${info?.inode}`));
  await files.rename(path, aside);
  await files.syncDir(dirname(path));
  return aside;
}

function damagedName(path: string, bytes: Uint8Array<ArrayBuffer>): string {
  return `${path}.damaged-${sha256Hex(bytes).slice(0, HASH_DIGITS)}`;
}
