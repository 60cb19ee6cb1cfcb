/**
 * Flags that every command has.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { Flags, FlagsOf } from "./declaration.ts";
import { parseDuration } from "../parse_duration.ts";

/** Flags of every command. */
export const GLOBAL_FLAGS = {
  json: {
    kind: "boolean",
    summary: "answer with one JSON document on stdout, or where output streams with lines of JSON",
    env: "CARREL_JSON",
  },
  quiet: {
    kind: "boolean",
    short: "q",
    summary: "print addresses only",
    env: "CARREL_QUIET",
  },
  noInput: { kind: "boolean", summary: "never ask; a question is an error", env: "CARREL_NO_INPUT" },
  lockTimeout: {
    kind: "value",
    placeholder: "DURATION",
    parse: parseDuration,
    default: "10",
    summary: "how long to wait for a lock, in seconds or like 2m; 0 tries once",
    env: "CARREL_LOCK_TIMEOUT",
  },
  root: {
    kind: "value",
    placeholder: "DIR",
    parse: parseDirectory,
    summary: "where everything is kept; also CARREL_ROOT",
  },
  configDir: {
    kind: "value",
    placeholder: "DIR",
    parse: parseDirectory,
    summary: "where the configuration is read from; also CARREL_CONFIG_DIR",
  },
  help: { kind: "boolean", short: "h", summary: "show help" },
} as const satisfies Flags;

/** Flags that only stand before any command. */
export const PROGRAM_FLAGS = {
  version: { kind: "boolean", summary: "print the version" },
} as const satisfies Flags;

/** Flags of every command that changes something. */
export const MUTATION_FLAGS = {
  dryRun: { kind: "boolean", summary: "check everything, change nothing, print the plan" },
  idempotencyKey: {
    kind: "value",
    placeholder: "KEY",
    parse: parseKey,
    summary: "the same request under the same key is carried out once; later calls get its answer",
  },
} as const satisfies Flags;

/** What the global flags and their environment twins said. */
export interface Globals {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noInput: boolean;
  readonly lockTimeoutMs: number;
  /** As given, perhaps relative; null when it was not given. */
  readonly root: string | null;
  /** As given, perhaps relative; null when it was not given. */
  readonly configDir: string | null;
}

/** Names the parsed global flags for programs. */
export function toGlobals(flags: FlagsOf<typeof GLOBAL_FLAGS>): Globals {
  return {
    json: flags.json,
    quiet: flags.quiet,
    noInput: flags.noInput,
    lockTimeoutMs: flags.lockTimeout * 1000,
    root: flags.root ?? null,
    configDir: flags.configDir ?? null,
  };
}

function parseDirectory(text: string): string {
  if (text === "") throw new AppError("invalid_value", "expected a directory, got an empty text");
  return text;
}

const KEY_CHARACTERS_MAX = 255;

function parseKey(text: string): string {
  const isPrintable = /^[\x20-\x7e]+$/.test(text);
  if (isPrintable && text.length <= KEY_CHARACTERS_MAX) return text;
  throw new AppError("invalid_value", `expected 1 to ${KEY_CHARACTERS_MAX} printable ASCII characters`, {
    hint: "a UUID, or the name of the request, makes a good key",
  });
}
