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
import { openProject } from "../query/open_project.ts";
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
  const run = async () => {
    const stored = await readStoredTask(carrel, project, ref.id);
    const held = holdTask(carrel, ref, stored);
    if (!op.dryRun) await storeReadiness(carrel, held);
    return await body(held);
  };
  if (op.dryRun) return await run();
  const lock = { project: ref.project, id: ref.id, timeoutMs: carrel.lockTimeoutMs };
  return await withTaskLock(carrel.host.files, carrel.paths, lock, run);
}

/**
 * Refuses a task whose deletion was interrupted: `wrong_state`. Under the lock no deletion can be running, so
 * the mark is left over, and only deleting again makes the task whole or gone.
 */
export function refuseDeleting({ record, address }: HeldTask): void {
  if (!record.deleting) return;
  throw new AppError("wrong_state", `the deletion of task ${address} was interrupted`, {
    hint: `finish it with \`carrel task delete ${address}\`; it can be restored afterwards`,
  });
}

function holdTask(carrel: Carrel, ref: TaskRef, stored: StoredTask): HeldTask {
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
