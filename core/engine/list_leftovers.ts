/**
 * What dead processes have left on the disk, and nothing needs.
 *
 * Each kind has a name that carrel gives to nothing else. What a living process may still be at is either under
 * a lock, which whoever removes it takes first, or younger than a day, which is not listed.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import { isProjectId, type ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import { parseArchiveName } from "../meta/archive.ts";
import { recordFileId, workspaceDir } from "../meta/paths.ts";
import { findAgentDir } from "../query/agent_dir.ts";
import { projectsWithArchives } from "../query/archives.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import { readOrMiss } from "../storage/read_or_miss.ts";
import { isScratchOf } from "../storage/scratch_dir.ts";
import { isPruned } from "./discard_archive.ts";
import { keptNameOf } from "./keep_damaged.ts";

/** One of them. */
export type Leftover =
  /** A half removed archive. */
  | { readonly kind: "pruned archive"; readonly path: string; readonly project: ProjectId }
  /** A part of a tree that was on its way to another file system, or the original that is there already. */
  | {
    readonly kind: "unfinished move";
    readonly path: string;
    readonly project: ProjectId;
    readonly task: TaskId;
  }
  /** The clone cache of a project that is gone. */
  | { readonly kind: "stale clone cache"; readonly path: string; readonly project: ProjectId }
  /** A clone in the making, or a replaced one. */
  | { readonly kind: "clone cache scratch"; readonly path: string; readonly project: ProjectId }
  /** A workspace in the making. */
  | {
    readonly kind: "workspace scratch";
    readonly path: string;
    readonly project: ProjectId;
    readonly task: TaskId;
  }
  /** What a damaged record said, of a task of which not even an archive is left. */
  | {
    readonly kind: "copy of a damaged record";
    readonly path: string;
    readonly project: ProjectId;
    readonly task: TaskId;
  }
  /** A file in the making. */
  | {
    readonly kind: "temporary file";
    readonly path: string;
    /** The task directory in whose agent-config it lies; absent elsewhere. */
    readonly agentOf?: string;
  };

const TEMPORARY = /^\..+\.[0-9a-f]{16}\.tmp$/;
const CACHE_SCRATCH = /^\.(.+)\.(?:[0-9a-f]{16}\.tmp|old)$/;
const MOVE = /^\.(.+)\.(?:incoming|outgoing)$/;
const DAY_MS = 86_400_000;

/** Whether a file's name is that of one in the making. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Finds them all; places that cannot be looked at are `problems`. Links are not followed. */
export async function listLeftovers(carrel: Carrel, problems: AppError[]): Promise<Leftover[]> {
  const projects = await readOrMiss(problems, listProjectIds(carrel));
  const found: Leftover[] = [...await listCacheLeftovers(carrel, problems, projects)];
  const archived = await readOrMiss(problems, projectsWithArchives(carrel)) ?? [];
  for (const project of [...new Set([...projects ?? [], ...archived])].sort()) {
    found.push(...await listArchiveLeftovers(carrel, problems, project));
    found.push(...await listTaskLeftovers(carrel, problems, project));
    found.push(...await listDamagedCopies(carrel, problems, project));
    found.push(...await listTemporary(carrel, problems, carrel.paths.tasksMetaDir(project)));
  }
  return [...found, ...await listTemporary(carrel, problems, carrel.paths.coreDir)];
}

async function listNames(
  { host }: Carrel,
  problems: AppError[],
  dir: string,
  kind: "file" | "directory",
): Promise<string[]> {
  const entries = await readOrMiss(problems, host.files.list(dir)) ?? [];
  return entries.filter((entry) => entry.kind === kind).map(({ name }) => name);
}

/** `projects`: all there are; null when unknown, and then no cache is stale. */
async function listCacheLeftovers(
  carrel: Carrel,
  problems: AppError[],
  projects: readonly ProjectId[] | null,
): Promise<Leftover[]> {
  const root = carrel.paths.cloneCacheRoot;
  const names = await listNames(carrel, problems, root, "directory");
  return names.flatMap((name): Leftover[] => {
    const project = CACHE_SCRATCH.exec(name)?.[1] ?? name;
    if (!isProjectId(project)) return [];
    const path = join(root, name);
    // The replaced one is the cache while there is no other.
    const isCache = name === project || (name.endsWith(".old") && !names.includes(project));
    if (!isCache) return [{ kind: "clone cache scratch", path, project }];
    const isStale = projects !== null && !projects.includes(project);
    return isStale ? [{ kind: "stale clone cache", path, project }] : [];
  });
}

async function listArchiveLeftovers(
  carrel: Carrel,
  problems: AppError[],
  project: ProjectId,
): Promise<Leftover[]> {
  const root = carrel.paths.archiveDir(project);
  const names = await listNames(carrel, problems, root, "directory");
  const pruned = names.filter(isPruned)
    .map((name): Leftover => ({ kind: "pruned archive", path: join(root, name), project }));
  return [...pruned, ...movesAmong(names, root, project)];
}

async function listTaskLeftovers(
  carrel: Carrel,
  problems: AppError[],
  project: ProjectId,
): Promise<Leftover[]> {
  const root = await findTasksRoot(carrel, problems, project);
  const names = await listNames(carrel, problems, root, "directory");
  const found = movesAmong(names, root, project);
  for (const task of names.filter(isTaskId)) {
    const dir = join(root, task);
    const workspace = workspaceDir(dir);
    for (const name of await listNames(carrel, problems, dir, "directory")) {
      if (!isScratchOf(workspace, name) || !await isOld(carrel, join(dir, name))) continue;
      found.push({ kind: "workspace scratch", path: join(dir, name), project, task });
    }
    // What it was told, and copies of its record on their way into the archive. Its workspace is its own.
    found.push(...await listTemporary(carrel, problems, dir));
    const agentDir = await findAgentDir(carrel.host, dir);
    if (agentDir === null) continue;
    const left = await listTemporary(carrel, problems, agentDir);
    found.push(...left.map((leftover) => ({ ...leftover, agentOf: dir })));
  }
  return found;
}

/** Copies of damaged records whose tasks have neither record nor directory nor archive any more. */
export async function listDamagedCopies(
  carrel: Carrel,
  problems: AppError[],
  project: ProjectId,
): Promise<Extract<Leftover, { kind: "copy of a damaged record" }>[]> {
  const known = problems.length;
  const archives = carrel.paths.archiveDir(project);
  const metaDir = carrel.paths.tasksMetaDir(project);
  // Twice: a task that is being deleted or restored is always in one of the three.
  const archivedBefore = await listNames(carrel, problems, archives, "directory");
  const names = await listNames(carrel, problems, metaDir, "file");
  const copies = names.flatMap((name) => {
    const task = recordFileId(keptNameOf(name) ?? "") ?? "";
    return isTaskId(task)
      ? [{ kind: "copy of a damaged record", path: join(metaDir, name), project, task } as const]
      : [];
  });
  if (copies.length === 0) return [];
  const dirs = await listNames(carrel, problems, await findTasksRoot(carrel, problems, project), "directory");
  const archivedAfter = await listNames(carrel, problems, archives, "directory");
  // Where nobody can look there may be anything.
  if (problems.length > known) return [];
  const there = new Set([
    ...names.map(recordFileId),
    ...dirs,
    ...[...archivedBefore, ...archivedAfter].map((name) => parseArchiveName(name)?.taskId),
  ]);
  return copies.filter(({ task }) => !there.has(task));
}

/** With a broken configuration the usual place. */
async function findTasksRoot(carrel: Carrel, problems: AppError[], project: ProjectId): Promise<string> {
  const usual = carrel.paths.liveTasksRoot(project);
  try {
    return (await carrel.config(project)).get("tasks.root") ?? usual;
  } catch (error) {
    if (!isAppError(error)) throw error;
    problems.push(error);
    return usual;
  }
}

function movesAmong(names: readonly string[], root: string, project: ProjectId): Leftover[] {
  return names.flatMap((name): Leftover[] => {
    const task = MOVE.exec(name)?.[1] ?? "";
    return isTaskId(task) ? [{ kind: "unfinished move", path: join(root, name), project, task }] : [];
  });
}

async function listTemporary(carrel: Carrel, problems: AppError[], dir: string) {
  const found: Extract<Leftover, { kind: "temporary file" }>[] = [];
  for (const name of await listNames(carrel, problems, dir, "file")) {
    const path = join(dir, name);
    if (isTemporary(name) && await isOld(carrel, path)) found.push({ kind: "temporary file", path });
  }
  return found;
}

/** Whether nobody can be writing to it any more. */
async function isOld({ host }: Carrel, path: string): Promise<boolean> {
  const info = await host.files.info(path);
  return info !== null && host.clock.nowMicros() / 1000 - info.modifiedMs > DAY_MS;
}
