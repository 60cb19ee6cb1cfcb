/**
 * What SQLite reports, in carrel's own words: the one place where its errors are translated.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import { ResourceContentionError, type StorageCode, StorageError } from "../errors.ts";

/** A kind of failure, with what it means here. */
interface Kind {
  /** `details.reason` of the error. */
  readonly reason: string;
  readonly code: StorageCode;
  readonly words: string;
  readonly hint?: string;
}

const DAMAGED: Kind = {
  reason: "damaged",
  code: "storage_failed",
  words: "the file is damaged",
  hint: "put a backup in its place; nothing was changed",
};
const FULL: Kind = { reason: "full", code: "disk_full", words: "no space left on the disk" };

/** SQLite's result codes (https://www.sqlite.org/rescode.html); an extended one ends in its primary one. */
const KINDS: Readonly<Record<number, Kind>> = {
  3: { reason: "permission", code: "permission_denied", words: "permission denied" },
  8: { reason: "read_only", code: "permission_denied", words: "the file, or its directory, is read-only" },
  10: { reason: "io", code: "storage_failed", words: "input/output error" },
  11: DAMAGED,
  13: FULL,
  14: { reason: "cannot_open", code: "permission_denied", words: "the file cannot be opened" },
  18: { reason: "too_big", code: "invalid_value", words: "a value is too big" },
  19: { reason: "constraint", code: "invalid_value", words: "a value has the wrong type or is missing" },
  26: DAMAGED,
  // SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow.
  4874: FULL,
};
/** SQLITE_READONLY_ROLLBACK. */
const READONLY_ROLLBACK = 776;
const BUSY = new Set([5, 6]);
/** Errors of opening come without a number, only with the text that SQLite has for it. */
const OPENING: readonly (readonly [start: string, resultCode: number])[] = [
  ["unable to open database file", 14],
  ["disk I/O error", 10],
];
/** SQLITE_ERROR: anything else. */
const GENERIC = 1;

/** Whether another connection holds the lock that a statement needs. */
export function isBusy(error: unknown): boolean {
  return BUSY.has((resultCodeOf(error) ?? 0) & 0xff);
}

/** Whether the file waits for a transaction to be undone whose process was killed, and this reader may not. */
export function isCutOff(error: unknown): boolean {
  return resultCodeOf(error) === READONLY_ROLLBACK;
}

/**
 * Translates what a call on the database at `path` has thrown; anything but an error of SQLite comes back
 * as it is.
 */
export function fromSqliteError(error: unknown, path: string): unknown {
  // Texts are checked when they are written, and read within the call.
  if (error instanceof SyntaxError) return failure(DAMAGED, path, error, null);
  const resultCode = resultCodeOf(error);
  if (resultCode === null || error instanceof AppError || !(error instanceof Error)) return error;
  const details = { path, sqlite: resultCode };
  if (isBusy(error)) {
    return new ResourceContentionError(`${path} is locked by another process`, {
      cause: error,
      details: { ...details, reason: "locked" },
      hint: "try again, or wait longer",
    });
  }
  const kind = KINDS[resultCode] ?? KINDS[resultCode & 0xff];
  if (kind === undefined) {
    return new StorageError(`the state store ${path} failed: ${error.message}`, { cause: error, details });
  }
  return failure(kind, path, error, resultCode);
}

function failure(
  { reason, code, words, hint }: Kind,
  path: string,
  cause: Error,
  sqlite: number | null,
): StorageError {
  const options = { code, cause, details: { path, sqlite, reason } };
  const message = `cannot use the state store ${path}: ${words}`;
  return new StorageError(message, hint === undefined ? options : { ...options, hint });
}

function resultCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") return null;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode;
  const { message } = error;
  return OPENING.find(([start]) => message.startsWith(start))?.[1] ?? GENERIC;
}
