/**
 * The error of a lock that was not to be had in time.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** The `lock_timeout` error, worded alike by every host. */
export function lockTimeout(path: string, timeoutMs: number): AppError {
  return new AppError("lock_timeout", `another process holds the lock ${path} (waited ${timeoutMs} ms)`, {
    hint: "try again when the other command has ended, or wait longer with --lock-timeout",
    details: { lock: path, timeout_ms: timeoutMs },
  });
}
