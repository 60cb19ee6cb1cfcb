/**
 * What a clone of carrel's own has.
 *
 * @module
 */
import { join } from "@std/path";
import { AppError } from "../error.ts";
import type { Host } from "../port/host.ts";
import { gitSentence, runGit } from "./git_command.ts";
import { type GitRefs, parseCloneRefs } from "./git_refs.ts";

/** A clone that has a commit checked out. */
export interface Clone extends GitRefs {
  /** The commit that is checked out. */
  readonly head: string;
  /** Where it was cloned from; null when it does not say. */
  readonly origin: string | null;
}

const READ_TIMEOUT_MS = 30_000;

/** Reads the clone in `dir`. One that git cannot read, or without a commit, is `storage_failed`. */
export async function readClone(host: Host, dir: string): Promise<Clone> {
  const shown = await readGit(host, dir, ["show-ref", "--head"]);
  const { head, ...refs } = parseCloneRefs(shown, await host.files.readText(join(dir, ".git", "HEAD")));
  if (head === null) throw damagedClone(dir, "it has no commit");
  return { ...refs, head, origin: await readOrigin(host, dir) };
}

/** The commit that the clone in `dir` has checked out; `storage_failed` when git cannot read it. */
export async function readHead(host: Host, dir: string): Promise<string> {
  return (await readGit(host, dir, ["rev-parse", "--verify", "HEAD^{commit}"])).trim();
}

/** The address that a clone in `dir` was made from; null when its configuration names none. */
export async function readOrigin(host: Host, dir: string): Promise<string | null> {
  const args = ["config", "--file", join(dir, ".git", "config"), "--get", "remote.origin.url"];
  const { code, stdout } = await runGit(host, "none", args, { timeoutMs: READ_TIMEOUT_MS });
  return code === 0 ? new TextDecoder().decode(stdout).trimEnd() : null;
}

/** The error for a clone that is not whole. */
export function damagedClone(dir: string, why: string): AppError {
  return new AppError("storage_failed", `the clone in ${dir} cannot be used: ${why}`, {
    hint: "remove it with `carrel cache clear`, then make it again with `carrel cache sync`",
  });
}

async function readGit(host: Host, dir: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runGit(host, "none", ["--git-dir", join(dir, ".git"), ...args], {
    timeoutMs: READ_TIMEOUT_MS,
  });
  const decoder = new TextDecoder();
  if (code !== 0) throw damagedClone(dir, gitSentence(decoder.decode(stderr)) || "git cannot read it");
  return decoder.decode(stdout);
}
