/**
 * The door to the runtime `fake`.
 *
 * @module
 */
import type { RuntimePlugin } from "../core/port/plugin.ts";

/** Simulated containers: nothing runs, everything follows the script in `run.fake`. */
export const fakePlugin: RuntimePlugin = {
  kind: "runtime",
  name: "fake",
  summary: "simulated containers that follow the script in run.fake; nothing really runs",
  caution: null,
  needsImage: false,
  probe: () =>
    Promise.resolve({
      works: true,
      version: null,
      detail: "simulated: nothing runs, run.fake is the script",
    }),
  open: async ({ host, stateDir, setting }) => {
    const [{ FakeRuntime }, { parseFakeScript }] = await Promise.all([
      import("../runtimes/fake/fake_runtime.ts"),
      import("../runtimes/fake/fake_script.ts"),
    ]);
    const { fail_on, ...behaviour } = parseFakeScript(setting("run.fake"));
    return new FakeRuntime({ host, stateDir, failOn: fail_on, behaviourOf: () => behaviour });
  },
  checkImage: () => Promise.resolve(),
  ownerArgv: (_context, argv) => Promise.resolve(argv),
};
