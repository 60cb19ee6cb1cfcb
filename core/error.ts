/**
 * What can go wrong, as data: one error class, a closed table of codes, each with its exit status.
 *
 * Exit statuses are documented in the README and never change their meaning. A code outside this
 * table does not compile.
 *
 * @module
 */

/** What a code means for the program that gets it. */
export interface CodeRule {
  /** Exit status of a command that fails with this code. */
  readonly exit: number;
  /** Whether the same call may succeed later without any change by the caller. */
  readonly retryable: boolean;
  /** What the reader can do, where the error itself does not know better. */
  readonly hint?: string;
}

const ENGINE_HINT = "`carrel runtime list` tells whether the runtime works here";

/** Every error code carrel can report, with its rule. */
export const ERROR_CODES = {
  // 2: the request itself is malformed
  usage: { exit: 2, retryable: false },
  invalid_value: { exit: 2, retryable: false },
  invalid_task_id: { exit: 2, retryable: false },
  invalid_task_name: { exit: 2, retryable: false },
  invalid_project_name: { exit: 2, retryable: false },
  invalid_config: {
    exit: 2,
    retryable: false,
    hint: "correct it where the message says; `carrel config schema` describes all keys",
  },
  input_required: { exit: 2, retryable: false },
  // 3: well-formed, but there is no such thing
  project_not_found: { exit: 3, retryable: false },
  task_not_found: { exit: 3, retryable: false },
  archive_not_found: { exit: 3, retryable: false },
  config_key_not_found: { exit: 3, retryable: false },
  runtime_not_found: { exit: 3, retryable: false },
  logs_not_found: { exit: 3, retryable: false },
  operation_not_found: { exit: 3, retryable: false },
  agent_not_found: {
    exit: 3,
    retryable: false,
    hint: "`carrel agent list` shows those there are, `carrel agent register` adds one",
  },
  escalation_not_found: { exit: 3, retryable: false },
  // 4: conflicts with what exists
  already_exists: { exit: 4, retryable: false },
  ambiguous: { exit: 4, retryable: false },
  conflict: { exit: 4, retryable: false },
  // 5: a precondition or state does not hold
  wrong_state: { exit: 5, retryable: false, hint: "`carrel task status` tells how the task is" },
  never_ran: { exit: 5, retryable: false },
  already_ran: { exit: 5, retryable: false },
  config_missing: { exit: 5, retryable: false },
  env_missing: { exit: 5, retryable: false },
  image_not_found: { exit: 5, retryable: false },
  upstream_failed: {
    exit: 5,
    retryable: true,
    hint: "see that git.upstream_url is right, and that git reaches it from this host without a question",
  },
  container_absent: {
    exit: 5,
    retryable: false,
    hint: "`carrel task restart --recreate` makes the container again",
  },
  // 6, 7, 8
  lock_timeout: { exit: 6, retryable: true },
  wait_timeout: { exit: 7, retryable: true },
  needs_human: { exit: 8, retryable: false },
  // 9: the runtime is missing, failed or did not answer in time
  runtime_unavailable: { exit: 9, retryable: true, hint: ENGINE_HINT },
  runtime_failed: { exit: 9, retryable: true, hint: ENGINE_HINT },
  runtime_timeout: { exit: 9, retryable: true, hint: ENGINE_HINT },
  // 10: storage
  storage_failed: { exit: 10, retryable: false, hint: "look whether the disk is sound and can be written" },
  file_not_found: {
    exit: 10,
    retryable: false,
    hint: "look whether the path that is named, and every directory on the way to it, is there",
  },
  file_exists: { exit: 10, retryable: false },
  permission_denied: {
    exit: 10,
    retryable: false,
    hint: "look at the kind, the owner and the mode of the path that is named",
  },
  cross_device: { exit: 10, retryable: false },
  disk_full: { exit: 10, retryable: true, hint: "free some space, then try again" },
  record_damaged: { exit: 10, retryable: false },
  archive_failed: { exit: 10, retryable: true },
  // 11, 12, 13
  partial: { exit: 11, retryable: false },
  insufficient_capacity: { exit: 12, retryable: true },
  idempotency_mismatch: { exit: 13, retryable: false },
  // 70: unclassified failures of the outside world
  command_failed: { exit: 70, retryable: false },
  bug: { exit: 70, retryable: false },
  // 128+N: a signal ended the waiting; the error itself knows which
  interrupted: { exit: 130, retryable: true, hint: "run it again to wait again" },
  // 125: the container could not be started, or its preparation failed
  start_failed: {
    exit: 125,
    retryable: false,
    hint: "see that the image has the command and that it can be executed",
  },
  init_failed: { exit: 125, retryable: false },
} as const satisfies Record<string, CodeRule>;

/** The name of an error code. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Optional parts of an {@linkcode AppError}. */
export interface AppErrorOptions {
  /** What the reader can do about it, one sentence. */
  readonly hint?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Facts for programs: file, line, key, matches... JSON values only. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Overrides the table, e.g. 127 for a command that the container does not have. */
  readonly exit?: number;
}

/**
 * An expected failure: a code, a sentence and, where one helps, a hint.
 *
 * The message is one sentence without a final stop, the hint likewise.
 *
 * @example
 * ```ts
 * import { AppError } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const error = new AppError("task_not_found", "no task q7m2x in project demo");
 * assertEquals([error.code, error.exit, error.retryable], ["task_not_found", 3, false]);
 * ```
 */
export class AppError extends Error {
  /** The name of the class; errors that extend it have their own. */
  override readonly name: string = "AppError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What the reader can do about it, one sentence; null when there is nothing to say. */
  readonly hint: string | null;
  /** The exit status of a command that fails with this error. */
  readonly exit: number;
  /** Whether the same call may succeed later without any change by the caller. */
  readonly retryable: boolean;
  #details: Readonly<Record<string, unknown>>;

  /** Makes an error of this code; what the options leave out comes from the table of codes. */
  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const rule: CodeRule = ERROR_CODES[code];
    this.code = code;
    this.hint = options.hint ?? rule.hint ?? null;
    this.exit = options.exit ?? rule.exit;
    this.retryable = rule.retryable;
    this.#details = options.details ?? {};
  }

  /** Facts for programs. */
  get details(): Readonly<Record<string, unknown>> {
    return this.#details;
  }

  /** Adds facts that only a caller knows, such as the operation it was part of; those there win. */
  addDetails(facts: Readonly<Record<string, unknown>>): this {
    this.#details = { ...facts, ...this.#details };
    return this;
  }
}

/**
 * True if `error` is an {@linkcode AppError} with one of the given codes (any code when none is given).
 *
 * @example
 * ```ts
 * import { AppError, isAppError } from "@carrel/carrel";
 * import { assert } from "@std/assert";
 * assert(isAppError(new AppError("disk_full", "no space left"), "disk_full"));
 * assert(!isAppError(new Error("other")));
 * ```
 */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}
