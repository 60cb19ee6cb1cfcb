/**
 * The law book of hosts: what `core/port/host.ts` promises, tried on the real one and on its twin.
 *
 * @module
 */
import type { Host } from "../../core/port/host.ts";
import { fileLaws } from "./host_file_laws.ts";
import { lockLaws } from "./host_lock_laws.ts";
import { processLaws } from "./host_process_laws.ts";
import { worldLaws } from "./host_world_laws.ts";

/**
 * A host to try, with hands for what no port method does. Its processes must know `cat`, `sleep SECONDS`
 * and `sh -c` with `exit N` or `echo WORD >&2`, and no `no-such-program`.
 */
export interface HostBench extends AsyncDisposable {
  readonly host: Host;
  /** An empty directory for this law alone. */
  readonly dir: string;
  /** Makes a symbolic link at `path`. */
  symlink(target: string, path: string): void;
  /** Makes a fifo at `path`. */
  fifo(path: string): void;
  /** Lets a program listen on a free TCP port of 127.0.0.1 until it is disposed of. */
  listen(): Disposable & { readonly port: number };
}

/** Registers one law as a test. */
export type HostLaw = (words: string, holds: (bench: HostBench) => Promise<void>) => void;

/** Registers the laws as tests of one host; each gets a bench of its own. */
export function hostSuite(name: string, setup: () => HostBench): void {
  const law: HostLaw = (words, holds) =>
    Deno.test(`${name}: ${words}`, async () => {
      await using bench = setup();
      await holds(bench);
    });
  fileLaws(law);
  lockLaws(law);
  processLaws(law);
  worldLaws(law);
}
