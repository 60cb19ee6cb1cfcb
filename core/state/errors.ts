/**
 * What can go wrong in the state store: three classes, all of them {@linkcode AppError}s.
 *
 * @module
 */
import { AppError, type AppErrorOptions, type ErrorCode } from "../error.ts";

/** Codes of a {@linkcode StorageError}. */
export type StorageCode = Extract<
  ErrorCode,
  | "storage_failed"
  | "invalid_value"
  | "disk_full"
  | "permission_denied"
  | "lock_timeout"
  | "insufficient_capacity"
>;

/** Options of {@linkcode StorageError}. */
export interface StorageErrorOptions extends AppErrorOptions {
  /** Default `storage_failed`. `invalid_value` says that the caller's value cannot be stored. */
  readonly code?: StorageCode;
}

/**
 * A store could not do what it was asked; `cause` holds the driver's own error where there is one.
 *
 * @example
 * ```ts
 * import { StorageError } from "./errors.ts";
 * import { assertEquals } from "@std/assert";
 * const error = new StorageError("the file is damaged", { cause: new TypeError("no header") });
 * assertEquals([error.name, error.code, error.exit], ["StorageError", "storage_failed", 10]);
 * ```
 */
export class StorageError extends AppError {
  /** The name of the class. */
  override readonly name: string = "StorageError";

  /** Makes an error of the given code. */
  constructor(message: string, options: StorageErrorOptions = {}) {
    const { code = "storage_failed", ...rest } = options;
    super(code, message, rest);
  }
}

/**
 * Another writer held the store, or a resource, until the deadline had passed. Trying later may succeed.
 *
 * @example
 * ```ts
 * import { ResourceContentionError, StorageError } from "./errors.ts";
 * import { assert, assertEquals } from "@std/assert";
 * const error = new ResourceContentionError("port 8080 is held by another flow");
 * assert(error instanceof StorageError);
 * assertEquals([error.code, error.exit, error.retryable], ["lock_timeout", 6, true]);
 * ```
 */
export class ResourceContentionError extends StorageError {
  /** The name of the class. */
  override readonly name: string = "ResourceContentionError";

  /** Makes an error of code `lock_timeout`. */
  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, { ...options, code: "lock_timeout" });
  }
}

/**
 * A resource has less left than was asked for.
 *
 * @example
 * ```ts
 * import { InsufficientCapacityError } from "./errors.ts";
 * import { assertEquals } from "@std/assert";
 * const error = new InsufficientCapacityError("memory: 512 wanted, 100 free");
 * assertEquals([error.code, error.exit], ["insufficient_capacity", 12]);
 * ```
 */
export class InsufficientCapacityError extends StorageError {
  /** The name of the class. */
  override readonly name: string = "InsufficientCapacityError";

  /** Makes an error of code `insufficient_capacity`. */
  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, { ...options, code: "insufficient_capacity" });
  }
}
