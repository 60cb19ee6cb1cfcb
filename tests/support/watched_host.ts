/**
 * A host that lets somebody look around before each of its writing calls.
 *
 * @module
 */
import type { Files, Host, Processes } from "../../core/port/host.ts";

/** Called before a writing call takes effect. */
export type BeforeWrite = (action: string) => Promise<void>;

/** Wraps `inner`; what `before` throws, the call throws. */
export function newWatchedHost(inner: Host, before: BeforeWrite): Host {
  const watch = <Args extends unknown[], Result>(
    name: string,
    call: (...args: Args) => Promise<Result>,
  ) =>
  async (...args: Args): Promise<Result> => {
    await before(`${name} ${String(args[0])}`);
    return await call(...args);
  };
  const files: Files = {
    ...inner.files,
    create: watch("create", inner.files.create),
    append: watch("append", inner.files.append),
    makeDir: watch("makeDir", inner.files.makeDir),
    ensureDir: watch("ensureDir", inner.files.ensureDir),
    rename: watch("rename", inner.files.rename),
    removeFile: watch("removeFile", inner.files.removeFile),
    removeDir: watch("removeDir", inner.files.removeDir),
    syncDir: watch("syncDir", inner.files.syncDir),
    lock: watch("lock", inner.files.lock),
  };
  const processes: Processes = {
    ...inner.processes,
    run: async (spec) => {
      await before(`run ${spec.argv.join(" ")}`);
      return await inner.processes.run(spec);
    },
  };
  return { ...inner, files, processes };
}
