/**
 * The law book of runtimes: what `core/port/runtime.ts` promises, tried on each implementation.
 *
 * Commands are POSIX sh, so that an image with nothing but busybox obeys the same laws as a process of
 * this host. A runtime that only plays a script takes part in every law that needs no real command.
 *
 * @module
 */
import type { Bench, Law, Supports } from "./runtime_bench.ts";
import { commandLaws } from "./runtime_command_laws.ts";
import { lifecycleLaws } from "./runtime_lifecycle_laws.ts";

/**
 * Registers the laws as tests of one runtime; each gets a bench of its own. Laws beyond what it supports,
 * or all of them with `ignore`, are reported as ignored.
 */
export function runtimeSuite(
  name: string,
  setup: (t: Deno.TestContext) => Promise<Bench>,
  options: { readonly supports: Supports; readonly ignore?: boolean },
): void {
  const { supports, ignore = false } = options;
  const law: Law = (words, needs, holds) => {
    const unmet = (Object.keys(needs) as (keyof Supports)[]).some((need) => supports[need] !== needs[need]);
    Deno.test({
      name: `${name}: ${words}`,
      ignore: ignore || unmet,
      fn: async (t) => {
        await using bench = await setup(t);
        await holds(bench);
      },
    });
  };
  lifecycleLaws(law, supports);
  commandLaws(law);
}
