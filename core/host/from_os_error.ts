/**
 * From what Deno and node:fs throw to {@linkcode AppError}.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { type Errno, isErrno, osFailure } from "./os_failure.ts";

/** For the errors that come without an errno name, e.g. those of `Deno.kill`. */
const CLASSES: readonly (readonly [abstract new (...args: never[]) => Error, Errno])[] = [
  [Deno.errors.NotFound, "ENOENT"],
  [Deno.errors.AlreadyExists, "EEXIST"],
  [Deno.errors.PermissionDenied, "EACCES"],
  [Deno.errors.NotCapable, "EACCES"],
];

/** Errors that Deno passes on with the system's number (Linux) in the text and nothing else. */
const NUMBERS: Readonly<Record<string, Errno>> = { 26: "ETXTBSY", 27: "EFBIG", 30: "EROFS", 122: "EDQUOT" };

/**
 * Runs one system call.
 *
 * @param action what it does, for the message: `rename /a to /b` becomes `cannot rename /a to /b: ...`
 * @throws {AppError} the codes of `Files`; errno names without a meaning of their own are `storage_failed`
 */
export async function attempt<Result>(
  action: string,
  call: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw fromOsError(error, action);
  }
}

/** The errno name of something thrown by Deno or node:fs, e.g. `ENOENT`; null when it has none. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  const [, number = ""] = /\(os error (\d+)\)/.exec(error.message) ?? [];
  return NUMBERS[number] ?? CLASSES.find(([errorClass]) => error instanceof errorClass)?.[1] ?? null;
}

/** Translates a thrown value; an {@linkcode AppError} stays as it is. */
export function fromOsError(error: unknown, action: string): AppError {
  if (error instanceof AppError) return error;
  const errno = errnoOf(error);
  if (isErrno(errno)) return osFailure(errno, action, error);
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError("storage_failed", `cannot ${action}: ${reason}`, { cause: error });
}
