/**
 * Makes a pristine clone of an upstream: whole, verified, checked out, with nothing of this host in it.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { CommandResult, Host } from "../port/host.ts";
import { type GitScope, gitSentence, runGit } from "./git_command.ts";
import { type GitRefs, parseRemoteRefs } from "./git_refs.ts";
import { damagedClone, readClone } from "./read_clone.ts";
import type { Clone } from "./read_clone.ts";
import { runTool } from "./run_tool.ts";

/** What to clone. */
export interface CloneRequest {
  /** The upstream. */
  readonly url: string;
  /** The branch to check out, which the upstream has; null = the one that its head names. */
  readonly branch: string | null;
  /** A clone of before, whose objects need not be fetched again; nothing is shared with it. */
  readonly reference: string | null;
}

/** When a clone must be done, on the host's monotonic clock. */
export interface Deadline {
  /** Milliseconds, as of `clock.monotonicMs()`. */
  readonly atMs: number;
}

/** An upstream that says nothing for so long is not there. */
const LIST_TIMEOUT_MS = 2 * 60_000;

/** Asks an upstream what it has. Throws `upstream_failed`. */
export async function readUpstream(host: Host, url: string, deadline: Deadline): Promise<GitRefs> {
  const limited = { atMs: Math.min(deadline.atMs, host.clock.monotonicMs() + LIST_TIMEOUT_MS) };
  const result = await git(host, "user", ["ls-remote", "--symref", "--", url], limited);
  if (result.code !== 0) throw upstreamFailed(result);
  return parseRemoteRefs(new TextDecoder().decode(result.stdout));
}

/**
 * Clones into the new directory `dir`, which on failure is left for the caller to remove. The person's own
 * configuration of git counts for reaching the upstream, and for nothing that touches what comes from there:
 * no filter runs, submodules stay away. Throws `upstream_failed`, `disk_full`, `storage_failed`.
 */
export async function buildClone(
  host: Host,
  dir: string,
  { url, branch, reference }: CloneRequest,
  deadline: Deadline,
): Promise<Clone> {
  await host.files.makeDir(dir, { mode: 0o700 });
  const options = [
    "--quiet",
    "--origin",
    "origin",
    "--template=",
    "--no-checkout",
    "--no-recurse-submodules",
  ];
  // The protocol also for paths: no file of the upstream is linked or copied unread.
  const from = [
    "--no-local",
    ...(reference === null ? [] : ["--reference-if-able", reference, "--dissociate"]),
  ];
  const wanted = branch === null ? [] : ["--branch", branch];
  const cloned = await git(host, "user", ["clone", ...options, ...from, ...wanted, "--", url, dir], deadline);
  if (cloned.code !== 0) throw upstreamFailed(cloned);
  await must(host, dir, ["checkout", "--quiet", "--force"], deadline);
  await must(host, dir, ["fsck", "--connectivity-only", "--no-dangling", "--no-progress"], deadline);
  await runTool(host, ["sync", "-f", "--", dir], Math.max(1, deadline.atMs - host.clock.monotonicMs()));
  return await readClone(host, dir);
}

async function must(host: Host, dir: string, args: readonly string[], deadline: Deadline): Promise<void> {
  const result = await git(host, "none", ["-C", dir, ...args], deadline);
  if (result.code === 0) return;
  const said = sentenceOf(result);
  throw /no space left/i.test(said) ? diskFull(said) : damagedClone(dir, said);
}

async function git(
  host: Host,
  scope: GitScope,
  args: readonly string[],
  { atMs }: Deadline,
): Promise<CommandResult> {
  return await runGit(host, scope, args, { timeoutMs: Math.max(1, atMs - host.clock.monotonicMs()) });
}

function upstreamFailed(result: CommandResult): AppError {
  const said = sentenceOf(result);
  if (/no space left/i.test(said)) return diskFull(said);
  return new AppError("upstream_failed", `the upstream cannot be read: ${said}`);
}

function diskFull(said: string): AppError {
  return new AppError("disk_full", `the upstream cannot be cloned: ${said}`);
}

function sentenceOf({ stderr, timedOut, code, signal }: CommandResult): string {
  if (timedOut) return "it took too long";
  return gitSentence(new TextDecoder().decode(stderr)) || `git ended with ${signal ?? code}`;
}
