/**
 * What a launch needs of the machine, looked at before anything is made or taken away.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { RuntimePlugin } from "../port/plugin.ts";
import type { Project } from "../query/open_project.ts";
import { isLocalUpstream, type LaunchSettings } from "./launch_settings.ts";

/** Throws `wrong_state` when the upstream is a directory of this host that is not there. */
export async function checkUpstream(carrel: Carrel, { config }: Pick<Project, "config">): Promise<void> {
  const upstream = config.get("git.upstream_url");
  if (upstream === null || !isLocalUpstream(upstream)) return;
  if (await carrel.host.files.info(upstream) !== null) return;
  throw new AppError("wrong_state", `the upstream ${upstream} is not there`, {
    hint: "correct git.upstream_url in project.yml",
  });
}

/** Throws `image_not_found` when the image is not here and may not be pulled. */
export async function checkImage(
  carrel: Carrel,
  { config }: Pick<Project, "config">,
  plugin: RuntimePlugin,
  { image }: Pick<LaunchSettings, "image">,
): Promise<void> {
  if (image === null || config.get("run.pull") !== "never") return;
  await plugin.checkImage(carrel.runtimeContext(config), image);
}
