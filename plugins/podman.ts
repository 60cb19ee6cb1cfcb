/**
 * The plugin `podman`: containers of the machine's own engine. Its code is loaded on first use.
 *
 * @module
 */
import type { RuntimePlugin } from "../core/port/plugin.ts";

/** Runs tasks in podman containers. */
export const podmanPlugin: RuntimePlugin = {
  kind: "runtime",
  name: "podman",
  summary: "containers of podman 4.3 or newer, rootful, rootless or through a connection",
  caution: null,
  needsImage: true,
  probe: async (context) => {
    const { probePodman } = await import("../runtimes/podman/podman_runtime.ts");
    return await probePodman(context);
  },
  open: async (context) => {
    const { PodmanRuntime } = await import("../runtimes/podman/podman_runtime.ts");
    return new PodmanRuntime(context);
  },
  checkImage: async (context, image) => {
    const { checkImage } = await import("../runtimes/podman/podman_runtime.ts");
    await checkImage(context, image);
  },
  ownerArgv: async (context, argv) => {
    const { ownerArgv } = await import("../runtimes/podman/podman_runtime.ts");
    return await ownerArgv(context, argv);
  },
};
