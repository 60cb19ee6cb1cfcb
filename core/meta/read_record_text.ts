/**
 * Text of carrel's own records.
 *
 * @module
 */
import { ifPresent } from "../if_present.ts";
import type { Files } from "../port/host.ts";
import { recordDamaged } from "./record_damaged.ts";

/** Reads a record file; null when there is none. Throws as {@linkcode decodeRecordText}. */
export async function readRecordText(files: Pick<Files, "read">, path: string): Promise<string | null> {
  const bytes = await ifPresent(files.read(path));
  return bytes === null ? null : decodeRecordText(bytes, path);
}

/**
 * The text of a record file. Throws `record_damaged` for bytes that are no UTF-8: read as if nothing were wrong,
 * they would be gone with the next change.
 */
export function decodeRecordText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw recordDamaged(path, "it is not valid UTF-8", { cause });
  }
}
