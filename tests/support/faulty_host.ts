/**
 * A host whose N-th writing call fails, or during whose N-th writing call the process dies.
 *
 * Run a verb once without a plan to learn how many `calls` it makes, then once for each of them. Writing
 * calls are those of `Files` that change something, taking a lock, and every start of a process.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { Child, CommandSpec, FileLock, Files, Host, Processes } from "../../core/port/host.ts";

/** Which call goes wrong, and how. */
export interface FaultPlan {
  /** Its number, counted from 1, or how its words in the trace begin; the first of those. */
  readonly at: number | string;
  /** The call fails with this error, or the process dies: that call and all later ones have no effect. */
  readonly with: "disk_full" | "storage_failed" | "death";
  /**
   * What the call has done before: nothing (default), half of the data of a `create` or `append`
   * (nothing of other calls), or all of it.
   */
  readonly leaving?: "nothing" | "half" | "all";
}

/** A {@linkcode Host} that counts what is written through it. */
export interface FaultyHost extends Host {
  /** Writing calls so far. */
  readonly calls: number;
  /** Every writing call so far, e.g. `rename /a to /b`. */
  readonly trace: readonly string[];
  /** True once the planned call was reached. */
  readonly struck: boolean;
  /** True once the process has died. */
  readonly isDead: boolean;
  /** Counts a writing call of something else on this machine, such as the state store. */
  writing<Result>(action: string, effect: () => Promise<Result>): Promise<Result>;
  /** Lets a reading call of something else through, as long as the process lives. */
  reading<Result>(effect: () => Promise<Result>): Promise<Result>;
}

/** Thrown by a host whose process has died; clean-up code meets it as well. */
export class HostDied extends Error {
  override readonly name: string = "HostDied";
}

/** Wraps `inner`; without a plan it only counts. Locks of a dead process are released, as by the kernel. */
export function newFaultyHost(inner: Host, plan?: FaultPlan): FaultyHost {
  const trace: string[] = [];
  const heldLocks = new Set<FileLock>();
  let dead = false;
  let hasStruck = false;

  function requireLife(): void {
    if (dead) throw new HostDied("the process has died");
  }

  /** Counts the call; true when it is the one to go wrong. */
  function strikes(action: string): boolean {
    requireLife();
    const count = trace.push(action);
    if (plan === undefined || hasStruck) return false;
    return hasStruck = typeof plan.at === "number" ? count === plan.at : action.startsWith(plan.at);
  }

  function fault(action: string, how: FaultPlan["with"]): Error {
    if (how !== "death") return new AppError(how, `cannot ${action}: planned to fail`);
    dead = true;
    for (const lock of heldLocks) void lock.release();
    return new HostDied(`the process has died, trying to ${action}`);
  }

  async function writing<Result>(
    action: string,
    effect: () => Promise<Result>,
    half: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Result> {
    if (!strikes(action) || plan === undefined) {
      const result = await effect();
      requireLife();
      return result;
    }
    if (plan.leaving === "all") await effect();
    if (plan.leaving === "half") await half();
    throw fault(action, plan.with);
  }

  function reading<Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) {
    return async (...args: Args): Promise<Result> => {
      requireLife();
      const result = await call(...args);
      requireLife();
      return result;
    };
  }

  const files: Files = {
    read: reading(inner.files.read),
    readText: reading(inner.files.readText),
    info: reading(inner.files.info),
    exists: reading(inner.files.exists),
    list: reading(inner.files.list),
    realPath: reading(inner.files.realPath),
    freeBytes: reading(inner.files.freeBytes),
    checkWritable: reading(inner.files.checkWritable),
    create: (path, data, options) =>
      writing(
        `create ${path}`,
        () => inner.files.create(path, data, options),
        () => inner.files.create(path, firstHalf(data), options),
      ),
    append: (path, data, options) =>
      writing(
        `append ${path}`,
        () => inner.files.append(path, data, options),
        () => inner.files.append(path, firstHalf(data), options),
      ),
    makeDir: (path, options) => writing(`makeDir ${path}`, () => inner.files.makeDir(path, options)),
    ensureDir: (path, options) => writing(`ensureDir ${path}`, () => inner.files.ensureDir(path, options)),
    rename: (from, to) => writing(`rename ${from} to ${to}`, () => inner.files.rename(from, to)),
    removeFile: (path) => writing(`removeFile ${path}`, () => inner.files.removeFile(path)),
    removeDir: (path) => writing(`removeDir ${path}`, () => inner.files.removeDir(path)),
    chmod: (path, mode) => writing(`chmod ${path}`, () => inner.files.chmod(path, mode)),
    syncDir: (path) => writing(`syncDir ${path}`, () => inner.files.syncDir(path)),
    lock: (path, options) =>
      writing(`lock ${path}`, async () => {
        const lock = await inner.files.lock(path, options);
        heldLocks.add(lock);
        return lock;
      }),
  };

  function killedByTheLiving(child: Child): Child {
    return {
      ...child,
      kill: (signal) => {
        requireLife();
        child.kill(signal);
      },
    };
  }

  const processes: Processes = {
    run: (spec) => writing(describe("run", spec), () => inner.processes.run(spec)),
    spawn: (spec) => {
      const action = describe("spawn", spec);
      if (!strikes(action) || plan === undefined) return killedByTheLiving(inner.processes.spawn(spec));
      if (plan.leaving === "all") inner.processes.spawn(spec);
      throw fault(action, plan.with);
    },
    attach: (spec, onStart) => writing(describe("attach", spec), () => inner.processes.attach(spec, onStart)),
    detach: (spec) => writing(describe("detach", spec), () => inner.processes.detach(spec)),
    identify: reading(inner.processes.identify),
    kill: (pid, signal) => {
      requireLife();
      return inner.processes.kill(pid, signal);
    },
  };

  return {
    clock: { ...inner.clock, sleep: reading(inner.clock.sleep) },
    random: inner.random,
    env: inner.env,
    network: inner.network,
    system: inner.system,
    files,
    processes,
    trace,
    writing,
    reading: (effect) => reading(effect)(),
    get calls() {
      return trace.length;
    },
    get isDead() {
      return dead;
    },
    get struck() {
      return hasStruck;
    },
  };
}

function describe(method: string, spec: CommandSpec): string {
  return `${method} ${spec.argv.join(" ")}`;
}

function firstHalf(data: Uint8Array | string): Uint8Array | string {
  return data.slice(0, Math.floor(data.length / 2));
}
