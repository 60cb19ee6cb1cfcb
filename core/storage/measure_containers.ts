/**
 * What containers have written outside of their mounts.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import type { AppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { ContainerStatus, StateQuery } from "../port/runtime.ts";
import { readOrMiss } from "./read_or_miss.ts";
import type { ContainerUsage } from "./storage_usage.ts";

/**
 * Asks each engine that the projects are set to, once; sorted by name. Those that do not know are silent, why
 * one does not answer goes to `problems`.
 */
export async function measureContainers(
  carrel: Carrel,
  projects: readonly ProjectId[],
  query: Pick<StateQuery, "project">,
  problems: AppError[],
): Promise<ContainerUsage[]> {
  const configs = await Promise.all(projects.map((project) => carrel.config(project)));
  const engines = new Map(configs.map((config) => [engineOf(config), config]));
  const usages = await Promise.all(Array.from(engines.values(), async (config) => {
    const asking = askSizes(carrel, config, query);
    return (await readOrMiss(problems, asking) ?? []).flatMap(toUsage);
  }));
  return usages.flat().sort((a, b) => a.container_name < b.container_name ? -1 : 1);
}

/** What tells engines apart: the runtime, and where it is. */
function engineOf(config: Config): string {
  const keys = ["run.runtime", "runtime.podman.connection"] as const;
  return JSON.stringify(keys.map((key) => config.getOrDefault(key)));
}

async function askSizes(
  carrel: Carrel,
  config: Config,
  query: StateQuery,
): Promise<ContainerStatus[]> {
  const { runtime } = await carrel.openRuntime(config.getOrDefault("run.runtime"), config);
  return [...(await runtime.states({ ...query, sizes: true })).values()];
}

function toUsage({ name, labels, writtenBytes }: ContainerStatus): ContainerUsage[] {
  if (writtenBytes === undefined) return [];
  return [{
    project_id: labels["carrel.project"] ?? null,
    task_id: labels["carrel.task"] ?? null,
    container_name: name,
    bytes: writtenBytes,
  }];
}
