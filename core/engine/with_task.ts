/**
 * Runs a mutation of one task: under its lock, on a fresh reading of its record.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { RecordChanges } from "../meta/record_store.ts";
import { readTaskMeta, withTaskLock, writeRecord } from "../meta/record_store.ts";
import { type TaskRecord, toTaskRecord } from "../meta/task_record.ts";
import type { TaskRef } from "../query/find_task.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { readStoredTask, type StoredTask } from "../query/stored_task.ts";
import type { Operation } from "./operation.ts";
import { storeReadiness } from "./readiness.ts";

/** A task that is held for writing. */
export interface HeldTask extends StoredTask {
  readonly ref: TaskRef;
  /** As of the last `update`. */
  readonly record: TaskRecord;
  /** `PROJECT/ID`, the target of its steps. */
  readonly address: string;
  /** Changes keys of the record; undefined removes a key. */
  update(changes: RecordChanges): Promise<void>;
}

/**
 * Takes the task's lock (`lock_timeout`), reads the record and runs `body`.
 *
 * A dry run takes no lock: its reading may be outdated by the time a real run makes it again.
 */
export async function withTask<Result>(
  carrel: Carrel,
  op: Pick<Operation, "dryRun">,
  ref: TaskRef,
  body: (task: HeldTask) => Promise<Result>,
): Promise<Result> {
  const project = await openProject(carrel, ref.project);
  if (op.dryRun) return await body(await readTask(carrel, project, ref));
  return await lockTask(carrel, ref, async () => await body(await holdTask(carrel, project, ref)));
}

/** Runs `body` while holding the lock of a task, which need not exist. Throws `lock_timeout`. */
export async function lockTask<Result>(
  carrel: Carrel,
  ref: TaskRef,
  body: () => Promise<Result>,
): Promise<Result> {
  const lock = { ...ref, timeoutMs: carrel.lockTimeoutMs };
  return await withTaskLock(carrel.host.files, carrel.paths, lock, body);
}

/** Takes the lock of a task, which need not exist, for the whole of an operation. Throws `lock_timeout`. */
export async function lockTaskFor(
  op: Pick<Operation, "hold">,
  { host, paths, lockTimeoutMs }: Carrel,
  { project, id }: TaskRef,
): Promise<void> {
  op.hold(await host.files.lock(paths.taskLock(project, id), { timeoutMs: lockTimeoutMs }));
}

/** A task whose lock the caller holds, as it is now. Errors: `task_not_found`, `record_damaged`. */
export async function holdTask(carrel: Carrel, project: Project, ref: TaskRef): Promise<HeldTask> {
  const held = await readTask(carrel, project, ref);
  await storeReadiness(carrel, held);
  return held;
}

async function readTask(carrel: Carrel, project: Project, ref: TaskRef): Promise<HeldTask> {
  return newHeldTask(carrel, ref, await readStoredTask(carrel, project, ref.id));
}

/**
 * Refuses a task whose deletion was interrupted: `wrong_state`. Under the lock no deletion can be running, so
 * the mark is left over, and only deleting again makes the task whole or gone.
 */
export function refuseDeleting({ record, address }: HeldTask): void {
  if (!record.deleting) return;
  throw new AppError("wrong_state", `the deletion of task ${address} was interrupted`, {
    hint: record.purging
      ? `finish it with \`carrel task delete --purge ${address}\``
      : `finish it with \`carrel task delete ${address}\`; it can be restored afterwards`,
  });
}

function newHeldTask(carrel: Carrel, ref: TaskRef, stored: StoredTask): HeldTask {
  const { host } = carrel;
  const { metaDir } = stored.project;
  let { record } = stored;
  return {
    ...stored,
    ref,
    address: `${ref.project}/${ref.id}`,
    get record() {
      return record;
    },
    async update(changes) {
      await writeRecord(host, metaDir, ref, changes);
      record = toTaskRecord(await readTaskMeta(host.files, metaDir, ref.id) ?? {}, ref);
    },
  };
}
