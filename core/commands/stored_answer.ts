/**
 * Answers as they are kept under an idempotency key, and given again.
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { AppError, ERROR_CODES, type ErrorCode } from "../error.ts";
import type { JsonValue } from "../state/json_value.ts";

/** A failure in a form that JSON can say. */
interface StoredError {
  readonly code: ErrorCode;
  readonly exit: number;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An answer, or the failure that stood in its place. */
type StoredAnswer =
  | { readonly outcome: Omit<Outcome<object>, "error">; readonly error: StoredError | null }
  | { readonly failure: StoredError };

/** An answer for the store: a text, so that it comes back as it was, to the order of its keys. */
export function encodeOutcome({ error, ...outcome }: Outcome<object>): string {
  return encode({ outcome, error: error === undefined ? null : encodeError(error) });
}

/** A failure for the store. */
export function encodeFailure(error: AppError): string {
  return encode({ failure: encodeError(error) });
}

function encode(answer: StoredAnswer): string {
  return JSON.stringify(answer);
}

/**
 * Gives a stored answer again, marked as replayed; throws the failure that stood in its place. Sound because
 * only {@linkcode encodeOutcome} and {@linkcode encodeFailure} write under these keys.
 */
export function replay<Data extends object>(stored: JsonValue): Outcome<Data> {
  const answer: unknown = typeof stored === "string" ? JSON.parse(stored) : null;
  if (!isStoredAnswer(answer)) {
    throw new AppError("storage_failed", "what is stored under this key is no answer of a command", {
      hint: "take a new key",
    });
  }
  if ("failure" in answer) throw decodeError(answer.failure);
  const { outcome, error } = answer;
  const replayed = markReplayed(outcome as Outcome<Data>);
  return error === null ? replayed : { ...replayed, error: decodeError(error) };
}

/** The answer to a request that was carried out before. */
export function markReplayed<Data extends object>(outcome: Outcome<Data>): Outcome<Data> {
  return { ...outcome, data: { ...outcome.data, replayed: true } };
}

function isStoredAnswer(value: unknown): value is StoredAnswer {
  return typeof value === "object" && value !== null && ("outcome" in value || "failure" in value);
}

function encodeError({ code, exit, message, hint, details }: AppError): StoredError {
  return { code, exit, message, hint, details };
}

function decodeError({ code, exit, message, hint, details }: StoredError): AppError {
  const known = Object.hasOwn(ERROR_CODES, code) ? code : "command_failed";
  return new AppError(known, message, {
    exit,
    details: { ...details, replayed: true },
    ...(hint === null ? {} : { hint }),
  });
}
