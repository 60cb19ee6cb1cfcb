/**
 * Trees on the real disk, with what only a shell can make: names that are no UTF-8, holes, fifos.
 *
 * @module
 */
import { join } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import type { Host } from "../../core/port/host.ts";

/** A directory that is removed at the end. */
export interface ScratchTree extends AsyncDisposable {
  readonly path: string;
  /** Runs a shell script in it. */
  shell(script: string): Promise<string>;
}

/** Makes a directory that others may read, in `dir` where there is one, else among temporary files. */
export async function newScratchTree(dir?: string): Promise<ScratchTree> {
  const isThere = dir !== undefined && await Deno.stat(dir).then(() => true, () => false);
  const place = await Deno.makeTempDir({ prefix: "carrel-storage-", ...(isThere ? { dir } : {}) });
  const path = join(place, "tree");
  await Deno.chmod(place, 0o755);
  await Deno.mkdir(path, { mode: 0o755 });
  return {
    path,
    async shell(script) {
      const { success, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-euc", script],
        cwd: path,
        env: { LC_ALL: "C" },
      }).output();
      if (!success) throw new TypeError(new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    },
    async [Symbol.asyncDispose]() {
      await new Deno.Command("chmod", { args: ["-R", "u+rwx", path] }).output();
      // Deno cannot name everything that a shell can make.
      await new Deno.Command("rm", { args: ["-rf", place] }).output();
    },
  };
}

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] as const;

/**
 * The real machine, whose `find` runs as a user who owns nothing. Null where this user can become nobody
 * else and may read everything.
 */
export async function newHostWithoutRights(): Promise<Pick<Host, "files" | "processes"> | null> {
  const host = newDenoHost();
  if (host.system.uid !== 0) return host;
  const trial = await host.processes.run({ argv: [...NOBODY, "true"] }).catch(() => null);
  if (trial?.code !== 0) return null;
  const { processes } = host;
  return {
    ...host,
    processes: {
      ...processes,
      spawn: (spec) =>
        processes.spawn(spec.argv[0] === "find" ? { ...spec, argv: [...NOBODY, ...spec.argv] } : spec),
    },
  };
}
