/**
 * Failures that the tables of bad input share.
 *
 * @module
 */
import type { ErrorCode } from "../../core/error.ts";

/** A failure: exit status, and code of the one error. */
export type Failure = readonly [exit: number, code: ErrorCode];

export const USAGE: Failure = [2, "usage"];
export const NO_PROJECT: Failure = [3, "project_not_found"];
export const BAD_PROJECT: Failure = [2, "invalid_project_name"];
export const BAD_VALUE: Failure = [2, "invalid_value"];
export const BAD_CONFIG: Failure = [2, "invalid_config"];
export const NEVER_RAN: Failure = [5, "never_ran"];
export const DENIED: Failure = [10, "permission_denied"];
export const DAMAGED: Failure = [10, "record_damaged"];
export const PARTIAL: Failure = [11, "partial"];
