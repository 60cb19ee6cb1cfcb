/**
 * Environment values on their way to podman, and nowhere else for longer than that.
 *
 * @module
 */
import { join } from "@std/path";
import type { Files } from "../../core/port/host.ts";
import { randomHex } from "../random_hex.ts";
import type { Engine } from "./engine.ts";
import { splitEnv } from "./split_env.ts";

/** Flags and process settings that hand an environment to podman. */
export interface EnvHandover {
  readonly names: readonly string[];
  /** Name of the env file in `call.cwd`; null = none. */
  readonly file: string | null;
  /** How podman must be run. */
  readonly call: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string };
}

const FILE_PREFIX = "env-";
const NAME_BYTES = 12;

/** No call that reads such a file takes longer. */
const LEFTOVER_AGE_MS = 3_600_000;

/**
 * Calls `use` with an environment handed over; an env file, where one is needed, is 0600 and removed
 * afterwards, with those that a killed process left. `invalid_value` as in `splitEnv`, storage codes.
 */
export async function withPrivateEnv<T>(
  engine: Engine,
  env: Readonly<Record<string, string>>,
  use: (handover: EnvHandover) => Promise<T>,
): Promise<T> {
  const { names, clientEnv, fileText } = splitEnv(env);
  if (fileText === null) return await use({ names, file: null, call: { env: clientEnv } });
  const { files, random, clock } = engine.host;
  const dir = engine.privateDir;
  await files.ensureDir(dir, { mode: 0o700 });
  await removeLeftovers(files, dir, clock.nowMicros() / 1000);
  const file = `${FILE_PREFIX}${randomHex(random, NAME_BYTES)}`;
  const path = join(dir, file);
  try {
    await files.create(path, fileText, { mode: 0o600 });
    // Named without its directory: podman 4 splits the flag at commas, which a root may have.
    return await use({ names, file, call: { env: clientEnv, cwd: dir } });
  } finally {
    await files.removeFile(path);
  }
}

async function removeLeftovers(files: Files, dir: string, nowMs: number): Promise<void> {
  for (const { name } of await files.list(dir)) {
    if (!name.startsWith(FILE_PREFIX)) continue;
    const info = await files.info(join(dir, name));
    if (info !== null && info.modifiedMs < nowMs - LEFTOVER_AGE_MS) await files.removeFile(join(dir, name));
  }
}
