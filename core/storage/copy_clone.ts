/**
 * Copies a clone to where an agent will work on it.
 *
 * @module
 */
import { join } from "@std/path";
import { AppError } from "../error.ts";
import type { Host } from "../port/host.ts";
import { COPY_TIMEOUT_MS } from "./clone_cache.ts";
import { gitSentence, runGit } from "./git_command.ts";
import { damagedClone, readHead } from "./read_clone.ts";
import { runTool } from "./run_tool.ts";

const CHECK_TIMEOUT_MS = 60_000;

/**
 * Copies the clone in `from` to the new directory `to`, which no agent can reach yet, and gives it another
 * origin unless `originUrl` is null. Answers the commit that it has checked out. Nothing of it is flushed.
 *
 * Blocks are shared where the file system can copy on write; nothing is ever linked. A copy that is not a
 * whole repository of its own is `storage_failed`; a copy that fails leaves a part for the caller to remove.
 */
export async function copyClone(
  host: Host,
  { from, to, originUrl }: { readonly from: string; readonly to: string; readonly originUrl: string | null },
): Promise<string> {
  await host.files.makeDir(to, { mode: 0o700 });
  await runTool(host, ["cp", "-a", "--reflink=auto", "--", `${from}/.`, to], COPY_TIMEOUT_MS);
  await host.files.chmod(to, 0o700);
  if ((await host.files.info(join(to, ".git")))?.kind !== "directory") {
    throw damagedClone(to, "it has no .git directory");
  }
  const [commit] = await Promise.all([readHead(host, to), refuseShared(host, to)]);
  if (originUrl !== null) await setOrigin(host, to, originUrl);
  return commit;
}

/** Refuses what would lead an agent's repository to files outside of it, or to files of another one. */
async function refuseShared(host: Host, dir: string): Promise<void> {
  const gitDir = join(dir, ".git");
  const shares = ["-type", "l", "-o", "-path", "*/objects/info/*alternates", "-o", "-name", "commondir"];
  const found = await runTool(
    host,
    ["find", gitDir, "(", ...shares, ")", "-print", "-quit"],
    CHECK_TIMEOUT_MS,
  );
  if (found.length === 0) return;
  const path = new TextDecoder().decode(found).trim().slice(dir.length + 1);
  throw damagedClone(dir, `it does not stand alone: ${path} leads to another repository`);
}

async function setOrigin(host: Host, dir: string, url: string): Promise<void> {
  // The file alone is edited: git does not even look for a repository's settings.
  const args = ["config", "--file", join(dir, ".git", "config"), "--replace-all", "remote.origin.url", url];
  const { code, stderr } = await runGit(host, "none", args, { timeoutMs: CHECK_TIMEOUT_MS });
  if (code === 0) return;
  throw new AppError(
    "storage_failed",
    `cannot set the origin of ${dir}: ${gitSentence(new TextDecoder().decode(stderr))}`,
  );
}
