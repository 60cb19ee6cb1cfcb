/** A configuration in memory, for tests. @module */
import { type Config, type ConfigFlags, loadConfig } from "../../core/config/config.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";

/** Where the test's files are. */
export const PATHS = {
  project: "/c/projects/demo/project.yml",
  user: "/c/config.yml",
  system: "/etc/carrel/config.yml",
} as const;

/** What the layers say; a layer that is left out does not exist. */
export interface TestLayers {
  readonly flags?: ConfigFlags;
  readonly env?: Readonly<Record<string, string>>;
  readonly project?: string;
  readonly user?: string;
  readonly system?: string;
}

/** Loads the configuration of project demo. */
export async function openConfig(layers: TestLayers): Promise<Config> {
  const files: Record<string, string> = {};
  for (const kind of ["project", "user", "system"] as const) {
    const text = layers[kind];
    if (text !== undefined) files[PATHS[kind]] = text;
  }
  return await loadConfig(newMemoryHost({ env: layers.env ?? {}, files }), {
    paths: {
      userConfig: PATHS.user,
      systemConfig: PATHS.system,
      projectConfig: (project) => `/c/projects/${project}/project.yml`,
    },
    project: parseProjectId("demo"),
    ...(layers.flags === undefined ? {} : { flags: layers.flags }),
  });
}
