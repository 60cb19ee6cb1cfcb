/**
 * Stores how a task's last run ended, whoever sees it first.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer, isActive } from "../query/launched_container.ts";
import { endFacts, endIsRecorded } from "../query/live_states.ts";
import { openProject } from "../query/open_project.ts";
import { readStoredTask, type StoredTask } from "../query/stored_task.ts";
import { RUNS_ON } from "./stop_task.ts";
import { startIsReady } from "../query/task_meta.ts";
import { markReady } from "./readiness.ts";
import { withTask } from "./with_task.ts";

/**
 * Records the end of a container that has ended, best effort: a task that is locked or cannot be
 * written is left for the next command that sees it. Under the lock no start can come between the
 * look at the container and the write, so an old run's end is never put on a new one.
 *
 * A container that runs although the record says that carrel stopped it belongs to a stop or a start
 * that died half-way: it counts as running.
 */
export async function recordEnd(carrel: Carrel, task: StoredTask, lockTimeoutMs = 0): Promise<void> {
  const ref = { project: task.project.id, id: task.record.task_id };
  try {
    await withTask({ ...carrel, lockTimeoutMs }, { dryRun: false }, ref, async (held) => {
      if (held.record.deleting) return;
      const { status } = await findContainer(carrel, held);
      if (isActive(status) && held.record.stopped_at !== null) await held.update(RUNS_ON);
      if (status?.startedAtMicros != null && startIsReady(held)) {
        await markReady(carrel, held, status.startedAtMicros);
      }
      if (status?.exit == null || endIsRecorded(held.record)) return;
      await held.update({ ...endFacts(status.exit) });
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

/** Records the end of a task by name, best effort like {@linkcode recordEnd}. */
export async function recordEndOf(carrel: Carrel, { project, id }: TaskRef): Promise<void> {
  await recordEnd(carrel, await readStoredTask(carrel, await openProject(carrel, project), id));
}
