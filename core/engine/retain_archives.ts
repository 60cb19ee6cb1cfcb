/**
 * `archive.keep_for`: old archives go by themselves, but only where somebody has said so.
 *
 * Workspaces are what takes the disk, records and logs are what is asked for later: so an archive first loses
 * its workspace, and much later goes as a whole.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { agentConfigDir, workspaceDir } from "../meta/paths.ts";
import type { Project } from "../query/open_project.ts";
import { type ArchiveChoice, chooseArchives, type PrunableArchive } from "./choose_archives.ts";
import type { MutationOptions } from "./operation.ts";
import { pruneArchives, type PrunedPart } from "./prune_archives.ts";

/** Records and logs are kept so many times as long as workspaces. */
const RECORDS_KEPT_TIMES = 4;

/**
 * Prunes a project's archives as its configuration says, which is not at all unless `archive.keep_for` is set.
 * Whatever goes wrong is a warning: nobody has asked for it now.
 */
export async function retainArchives(
  carrel: Carrel,
  project: Project,
  { parent }: Pick<MutationOptions, "parent">,
): Promise<void> {
  const keepForS = readKeepFor(project, "archive.keep_for");
  if (keepForS === null) return;
  const options = parent === undefined ? {} : { parent };
  try {
    const old = await chooseArchives(carrel, project.id, { olderThanS: RECORDS_KEPT_TIMES * keepForS });
    await retain(carrel, project, old, "all", options);
    const rest = await chooseArchives(carrel, project.id, { olderThanS: keepForS });
    await retain(carrel, project, await onlyWithWorkspace(carrel, rest), "workspace", options);
  } catch (error) {
    if (!isAppError(error)) throw error;
    carrel.notify({ kind: "warning", text: `old archives were not pruned: ${error.message}` });
  }
}

/**
 * How long something is kept, seconds; null = for good. A configuration that cannot be read says nothing; whoever
 * needs it says so.
 */
export function readKeepFor(
  { config }: Project,
  setting: "archive.keep_for" | "state.keep_for",
): number | null {
  try {
    return config.get(setting);
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  }
}

async function retain(
  carrel: Carrel,
  project: Project,
  choice: ArchiveChoice,
  part: PrunedPart,
  options: MutationOptions,
): Promise<void> {
  if (choice.archives.length === 0) return;
  const request = { project: project.id, part, args: { by: "archive.keep_for" } };
  const { archives, warnings } = await pruneArchives(carrel, choice, request, options);
  for (const text of warnings) carrel.notify({ kind: "warning", text });
  if (archives.length === 0) return;
  const what = part === "all" ? "" : "the workspaces of ";
  const names = archives.map(({ archive_id }) => archive_id).join(", ");
  const text = `removed ${what}archives that archive.keep_for keeps no longer: ${names}`;
  carrel.notify({ kind: "notice", text });
}

/** An archive without a workspace has nothing to lose yet. */
async function onlyWithWorkspace({ host }: Carrel, choice: ArchiveChoice): Promise<ArchiveChoice> {
  const kept: PrunableArchive[] = [];
  for (const archive of choice.archives) {
    const parts = [workspaceDir(archive.dir), agentConfigDir(archive.dir)];
    const infos = await Promise.all(parts.map((path) => host.files.info(path)));
    if (infos.some((info) => info !== null)) kept.push(archive);
  }
  return { ...choice, archives: kept };
}
