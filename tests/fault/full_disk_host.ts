/**
 * A host whose disk fills up: from the N-th call that takes space on, every such call fails.
 *
 * @module
 */
import { osFailure } from "../../core/host/os_failure.ts";
import type { Host } from "../../core/port/host.ts";

/** A {@linkcode Host} that counts the calls that take space. */
export interface FullDiskHost extends Host {
  readonly taken: number;
}

/** Wraps `inner`; without `at` the disk never fills up. Renames, removals and `rm` still work on a full disk. */
export function newFullDiskHost(inner: Host, at = Infinity): FullDiskHost {
  let taken = 0;
  const take = async <Result>(action: string, effect: () => Promise<Result>): Promise<Result> => {
    if (++taken >= at) throw osFailure("ENOSPC", action);
    return await effect();
  };
  const { files, processes } = inner;
  return {
    ...inner,
    files: {
      ...files,
      create: (path, data, options) => take(`create ${path}`, () => files.create(path, data, options)),
      append: (path, data, options) => take(`append to ${path}`, () => files.append(path, data, options)),
      makeDir: (path, options) => take(`make directory ${path}`, () => files.makeDir(path, options)),
      ensureDir: async (path, options) => {
        if (await files.info(path) !== null) return;
        await take(`make directory ${path}`, () => files.ensureDir(path, options));
      },
    },
    processes: {
      ...processes,
      run: async (spec) => {
        const takesSpace = spec.argv[0] === "cp" || spec.argv.includes("clone") ||
          spec.argv.includes("checkout");
        return await (takesSpace ? take("copy", () => processes.run(spec)) : processes.run(spec));
      },
    },
    get taken() {
      return taken;
    },
  };
}
