/**
 * A container spec with nothing unusual in it.
 *
 * @module
 */
import { join } from "@std/path";
import type { ContainerSpec } from "../../core/port/runtime.ts";

/**
 * A spec for a runtime without images or networks: `<directory>/workspace` at `/workspace`, `<directory>/agent-config`
 * at `/home/dev/.terok`, its log in `<directory>/logs`.
 */
export function newTestSpec(
  name: string,
  directory: string,
  overrides: Partial<ContainerSpec> = {},
): ContainerSpec {
  const mounted = { readOnly: false, relabel: "none", own: false } as const;
  return {
    name,
    image: null,
    pull: "never",
    command: ["true"],
    entrypoint: "none",
    prelude: null,
    labels: { "carrel.project": "demo" },
    annotations: {},
    env: {},
    mounts: [
      { source: join(directory, "workspace"), target: "/workspace", ...mounted },
      { source: join(directory, "agent-config"), target: "/home/dev/.terok", ...mounted },
    ],
    ports: [],
    workdir: "/workspace",
    user: null,
    network: null,
    memory: null,
    cpus: null,
    pids: null,
    unrestricted: true,
    timeoutS: null,
    logPath: join(directory, "logs", `${name}.log`),
    logMaxBytes: null,
    extraArgs: [],
    ...overrides,
  };
}
