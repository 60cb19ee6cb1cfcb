/**
 * Errors of the operating system in carrel's own words: the one place where they are translated.
 *
 * @module
 */
import { AppError, type ErrorCode } from "../error.ts";

/** Linux errno names with a meaning of their own here; anything else is a storage failure. */
const MEANINGS = {
  ENOENT: ["file_not_found", "no such file or directory"],
  EEXIST: ["file_exists", "it exists already"],
  ENOTEMPTY: ["file_exists", "the directory is not empty"],
  EACCES: ["permission_denied", "permission denied"],
  EPERM: ["permission_denied", "operation not permitted"],
  EROFS: ["permission_denied", "the file system is read-only"],
  EISDIR: ["permission_denied", "it is a directory"],
  ENOTDIR: ["permission_denied", "it, or a part of its path, is not a directory"],
  ELOOP: ["permission_denied", "it is a symbolic link, or too many were met on the way"],
  ENXIO: ["permission_denied", "it is not a regular file"],
  ETXTBSY: ["permission_denied", "the program is running"],
  EXDEV: ["cross_device", "it would cross file systems"],
  ENOSPC: ["disk_full", "no space left on device"],
  EDQUOT: ["disk_full", "disk quota exceeded"],
  EFBIG: ["storage_failed", "the file would be too large"],
  EIO: ["storage_failed", "input/output error"],
  EMFILE: ["storage_failed", "too many open files in this process"],
  ENFILE: ["storage_failed", "too many open files on this machine"],
  EINVAL: ["storage_failed", "invalid argument"],
  ENAMETOOLONG: ["storage_failed", "the name is too long"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

/** An errno name that {@linkcode osFailure} knows. */
export type Errno = keyof typeof MEANINGS;

/**
 * The error for a failed system call.
 *
 * @param action what was tried, e.g. `rename /a to /b`; the message becomes `cannot rename /a to /b: ...`
 */
export function osFailure(errno: Errno, action: string, cause?: unknown): AppError {
  const [code, reason] = MEANINGS[errno];
  return new AppError(code, `cannot ${action}: ${reason}`, { cause, details: { errno } });
}

/** True for a name that {@linkcode osFailure} knows. */
export function isErrno(name: unknown): name is Errno {
  return typeof name === "string" && Object.hasOwn(MEANINGS, name);
}
