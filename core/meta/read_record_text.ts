/**
 * Text of carrel's own records.
 *
 * @module
 */
import { type AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { Files } from "../port/host.ts";
import { recordDamaged } from "./record_damaged.ts";

/** Where the record lies. */
export interface RecordPlace {
  /** A task can have written there, as in an archive: links are not followed. Elsewhere they are their owner's choice. */
  readonly untrusted?: boolean;
}

/** What is wrong with a path under which there is no file, by the name that the system gives it. */
const WRONG_KINDS: Readonly<Record<string, string>> = {
  EISDIR: "it is a directory",
  ENXIO: "it is not a regular file",
  ELOOP: "it is a symbolic link",
};

/** Reads a record file; null when there is none. Throws as {@linkcode decodeRecordText} and {@linkcode readRecordBytes}. */
export async function readRecordText(
  files: Pick<Files, "read">,
  path: string,
  place: RecordPlace = {},
): Promise<string | null> {
  const bytes = await readRecordBytes(files, path, place);
  return bytes === null ? null : decodeRecordText(bytes, path);
}

/** Reads a record file; null when there is none. Throws `record_damaged` for what is no file. */
export async function readRecordBytes(
  files: Pick<Files, "read">,
  path: string,
  { untrusted = false }: RecordPlace = {},
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await ifPresent(untrusted ? files.read(path, { untrusted }) : files.read(path));
  } catch (error) {
    const problem = isAppError(error) ? wrongKind(error) : null;
    if (problem === null) throw error;
    const hint = "look what it is; `carrel doctor` tells whether `--fix` can set it aside";
    throw recordDamaged(path, problem, { hint });
  }
}

function wrongKind(error: AppError): string | null {
  const { errno } = error.details;
  return typeof errno === "string" ? WRONG_KINDS[errno] ?? null : null;
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
