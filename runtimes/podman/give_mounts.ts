/**
 * Giving a task's directories to the user that its container runs as.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { ContainerSpec } from "../../core/port/runtime.ts";
import { needsAccounts, resolveUser, type UserIds } from "./container_user.ts";
import type { Engine } from "./engine.ts";
import { decodeText } from "./engine_text.ts";
import { podmanFailure, podmanSentence } from "./failure.ts";
import { firstTarText } from "./tar_text.ts";

type Argv = readonly [string, ...string[]];

/** A large workspace on a slow disk. */
const CHOWN_TIMEOUT_MS = 600_000;

/** True when the image's own user decides who must own the mounts: in a container of root's. */
export async function ownerIsImageUser(engine: Engine, spec: ContainerSpec): Promise<boolean> {
  if (spec.user !== null || engine.isRemote || !hasOwnMounts(spec)) return false;
  return !await engine.isRootless();
}

/**
 * Gives the mounts with `own` to the user of the created container, links themselves included.
 * `invalid_value` for a user that the image lacks, `storage_failed` when it cannot be done.
 */
export async function giveMounts(engine: Engine, spec: ContainerSpec, imageUser: string): Promise<void> {
  // On another machine the files are out of reach.
  if (engine.isRemote || !hasOwnMounts(spec)) return;
  if (!await engine.isRootless()) {
    const ids = await readUserIds(engine, spec.name, spec.user ?? imageUser);
    // carrel runs as root then, and made the files.
    if (ids.uid !== 0 || ids.gid !== 0) await chown(engine, spec, ids, (argv) => argv);
  } else if (spec.user !== null) {
    // The given user stands for whoever runs podman, whom `unshare` calls root. Files may come from a
    // container that ran as somebody else.
    await chown(engine, spec, { uid: 0, gid: 0 }, (argv) => engine.client.argv(["unshare", ...argv]));
  }
}

/** Ids of a user of the created container; `invalid_value` for one that its image lacks. */
export async function readUserIds(engine: Engine, container: string, user: string): Promise<UserIds> {
  if (!needsAccounts(user)) return resolveUser(user, "", "");
  const passwd = await readText(engine, container, "/etc/passwd");
  const group = user.includes(":") ? await readText(engine, container, "/etc/group") : "";
  return resolveUser(user, passwd, group);
}

async function chown(
  engine: Engine,
  spec: ContainerSpec,
  { uid, gid }: UserIds,
  asOwner: (argv: Argv) => Argv,
): Promise<void> {
  const sources = spec.mounts.filter((mount) => mount.own).map((mount) => mount.source);
  const argv = asOwner(["chown", "-R", "-h", `${uid}:${gid}`, "--", ...sources]);
  const result = await engine.host.processes.run({ argv, timeoutMs: CHOWN_TIMEOUT_MS });
  if (result.code === 0) return;
  const why = result.timedOut ? "it takes too long" : podmanSentence(decodeText(result.stderr));
  throw new AppError("storage_failed", `cannot give the task's files to its user: ${why}`);
}

function hasOwnMounts(spec: ContainerSpec): boolean {
  return spec.mounts.some((mount) => mount.own);
}

/** Text of a file in a created container; empty when there is none. */
async function readText(engine: Engine, container: string, path: string): Promise<string> {
  const { code, stdout, stderr } = await engine.client.query(["cp", `${container}:${path}`, "-"]);
  if (code === 0) return firstTarText(stdout);
  if (/could not be found on container/.test(stderr)) return "";
  throw podmanFailure("cp", stderr);
}
