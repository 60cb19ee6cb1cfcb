/**
 * Whether there is room for a task to work.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { Project } from "../query/open_project.ts";
import { measureStorage } from "../storage/measure_storage.ts";
import { formatBytes } from "../text/format_bytes.ts";
import { chooseArchives } from "./choose_archives.ts";
import type { Operation } from "./operation.ts";

/**
 * Throws `disk_full` when less than `storage.min_free` is free where the task or carrel's records are to be, and
 * `insufficient_capacity` when the project takes more than `storage.project_budget`. Only the budget costs time:
 * a scan of all that the project has, as `storage usage PROJECT` makes it.
 */
export async function checkSpace(carrel: Carrel, project: Project): Promise<void> {
  const minFree = project.config.get("storage.min_free");
  if (minFree !== null) await checkFree(carrel, project, minFree);
  const budget = project.config.get("storage.project_budget");
  if (budget !== null) await checkBudget(carrel, project, budget);
}

/**
 * Checks the budget once more, and lets no other run of the project do so before this operation has ended: two at
 * once cannot both pass where one after the other would not. Call it when nothing is waited for any more. Throws
 * `insufficient_capacity`, `lock_timeout`. A dry run takes no lock; its one check is {@linkcode checkSpace}.
 */
export async function holdBudget(carrel: Carrel, op: Operation, project: Project): Promise<void> {
  const budget = project.config.get("storage.project_budget");
  if (budget === null || op.dryRun) return;
  const { host: { files }, paths, lockTimeoutMs } = carrel;
  op.hold(await files.lock(paths.budgetLock(project.id), { timeoutMs: lockTimeoutMs }));
  await checkBudget(carrel, project, budget);
}

async function checkFree(carrel: Carrel, { tasksRoot }: Project, minFree: number): Promise<void> {
  for (const path of [tasksRoot, carrel.paths.root]) {
    const free = await freeBytesAt(carrel, path);
    if (free >= minFree) continue;
    throw new AppError("disk_full", `${formatBytes(free)} are free at ${path}, less than storage.min_free`, {
      hint: await sayWhatCouldGo(carrel),
      details: { path, free_bytes: free, min_free: minFree },
    });
  }
}

/** What will be made there is on the file system of the nearest directory that is there. */
async function freeBytesAt({ host }: Carrel, path: string): Promise<number> {
  let place = path;
  while (place !== "/" && await host.files.info(place) === null) place = dirname(place);
  return await host.files.freeBytes(place);
}

async function sayWhatCouldGo(carrel: Carrel): Promise<string> {
  const words = "see `carrel storage usage`";
  try {
    const { archives } = await chooseArchives(carrel, null, { keepLast: 0 });
    const bytes = archives.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0);
    if (bytes === 0) return words;
    return `archives take ${formatBytes(bytes)}, which \`carrel archive prune\` frees; ${words}`;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return words;
  }
}

async function checkBudget(carrel: Carrel, { id }: Project, budget: number): Promise<void> {
  const { usage } = await measureStorage(carrel, id);
  const bytes = usage.total_allocated_bytes;
  if (bytes <= budget) return;
  const text = `project ${id} takes ${formatBytes(bytes)}, more than its storage.project_budget`;
  throw new AppError("insufficient_capacity", text, {
    hint: `delete tasks, or \`carrel archive prune ${id}\`; see \`carrel storage usage ${id}\``,
    details: { bytes, project_budget: budget },
  });
}
