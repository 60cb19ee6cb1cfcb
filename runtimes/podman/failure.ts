/**
 * What podman's own sentences mean: the one place that knows them.
 *
 * Texts as of podman 4.3 and 5.x with runc and crun.
 *
 * @module
 */
import { AppError, type AppErrorOptions, type ErrorCode } from "../../core/error.ts";
import { firstLine } from "./engine_text.ts";

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly hint?: string;
}

const STATE_IMPROPER = /container state improper/i;

// Order matters: the first match wins.
const MEANINGS: readonly Meaning[] = [
  { pattern: /no such container|no container with (name|ID)/i, code: "container_absent" },
  {
    pattern: /image not known|did not resolve to an alias|no such image|manifest unknown/i,
    code: "image_not_found",
    hint: "load it with `podman load` or `podman build`, or set run.pull to missing",
  },
  { pattern: /name .* is already in use/i, code: "already_exists" },
  { pattern: STATE_IMPROPER, code: "wrong_state" },
  {
    pattern: /unable to find network|network .*not found/i,
    code: "wrong_state",
    hint: "correct run.network, or make that network",
  },
  {
    pattern: /statfs .*no such file|error mounting|bind source path does not exist/i,
    code: "wrong_state",
    hint: "a path that is mounted is missing: see run.mounts, shared_dir and git.upstream_url",
  },
  { pattern: /no such user|unable to find user/i, code: "wrong_state", hint: "correct run.user" },
  { pattern: /no space left on device/i, code: "disk_full" },
  {
    pattern: /connect to Podman|failed to resolve active destination|service destination not found/i,
    code: "runtime_unavailable",
    hint: "check runtime.podman.connection against `podman system connection list`",
  },
  {
    pattern: /invalid (value|size|reference format|argument)|unknown (shorthand )?flag/i,
    code: "invalid_value",
  },
];

/** Failures that go away by themselves: another podman holds a lock. */
const TRANSIENT = /database is locked|resource temporarily unavailable|timed out .*lock/i;

/** What `podman start` fails with before it asks the OCI runtime. */
const BEFORE_START: ReadonlySet<ErrorCode> = new Set([
  "container_absent",
  "disk_full",
  "runtime_unavailable",
]);

const NOT_EXECUTABLE = /OCI permission denied|exec: ".*": permission denied/i;
const NOT_FOUND = /executable file .*not found|exec: ".*": (no such file|stat )|cannot find `.*` in \$PATH/i;

/**
 * podman's sentence without its "Error: "; the last one, as warnings may come first.
 *
 * @example
 * ```ts
 * import { podmanSentence } from "./failure.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(podmanSentence("level=warning\nError: nope: image not known\n"), "nope: image not known");
 * ```
 */
export function podmanSentence(stderr: string): string {
  const sentences = stderr.split("\n").filter((line) => line.startsWith("Error: "));
  const last = sentences.at(-1)?.slice("Error: ".length).trim() ?? firstLine(stderr);
  // A heading; what it counts stands below, each after a star.
  const [, listed = last] =
    /^\d+ errors? occurred:[\s\S]*?\*\s*(.+)/m.exec(stderr.slice(stderr.indexOf(last))) ?? [];
  return listed.trim();
}

/** What podman's sentence means; `runtime_failed` when it is none that is known. */
export function failureCode(stderr: string): ErrorCode {
  return meaningOf(podmanSentence(stderr))?.code ?? "runtime_failed";
}

/**
 * The error for a podman command that failed.
 *
 * @example
 * ```ts
 * import { podmanFailure } from "./failure.ts";
 * import { assertEquals } from "@std/assert";
 * const error = podmanFailure("wait", 'Error: no container with name or ID "x" found: no such container');
 * assertEquals(error.code, "container_absent");
 * ```
 */
export function podmanFailure(call: string, stderr: string): AppError {
  const sentence = podmanSentence(stderr);
  const meaning = meaningOf(sentence);
  const options: AppErrorOptions = meaning?.hint === undefined ? {} : { hint: meaning.hint };
  const text = sentence === "" ? "failed without a word" : sentence;
  return new AppError(meaning?.code ?? "runtime_failed", `podman ${call}: ${text}`, options);
}

/** True for podman's refusal to run a command in a container that is absent or does not run. */
export function isRefusal(stderr: string): boolean {
  return stderr.startsWith("Error: ") && ["container_absent", "wrong_state"].includes(failureCode(stderr));
}

/** True when the same command may succeed a moment later. */
export function isTransient(stderr: string): boolean {
  return TRANSIENT.test(stderr);
}

/**
 * The error for a `podman start` that failed: `start_failed` with exit 126, 127 or 125, unless podman
 * could not even try.
 *
 * @example
 * ```ts
 * import { startFailure } from "./failure.ts";
 * import { assertEquals } from "@std/assert";
 * const error = startFailure('Error: runc: exec: "x": executable file not found in $PATH');
 * assertEquals([error.code, error.exit], ["start_failed", 127]);
 * ```
 */
export function startFailure(stderr: string): AppError {
  const failure = podmanFailure("start", stderr);
  if (BEFORE_START.has(failure.code) || STATE_IMPROPER.test(stderr) || isTransient(stderr)) return failure;
  const sentence = podmanSentence(stderr);
  const exit = NOT_EXECUTABLE.test(sentence) ? 126 : NOT_FOUND.test(sentence) ? 127 : 125;
  return new AppError("start_failed", failure.message, { exit });
}

function meaningOf(sentence: string): Meaning | undefined {
  return MEANINGS.find(({ pattern }) => pattern.test(sentence));
}
