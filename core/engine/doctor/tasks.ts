/**
 * Tasks whose record and directory do not agree: one is missing, damaged, or left over.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import type { TaskId } from "../../identity/task_id.ts";
import type { Diagnosis } from "./finding.ts";
import { type KnownProject, surveyProjects } from "./known_projects.ts";
import { MEND_TASK } from "./mend_task.ts";
import { lookAtQuiet, repairQuiet, RIGHT_ALREADY } from "./quiet.ts";
import { listTracedIds, type TaskTraces, traceTask } from "./task_traces.ts";
import { judgeTask, type TaskTrouble } from "./judge_task.ts";

/** Tasks looked at at the same time; more gain nothing on two cores and hold more files open. */
const LOOKS_AT_ONCE = 32;

/** See the module. */
export async function tasks(carrel: Carrel): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const project of (await surveyProjects(carrel)).known) {
    const ids = await listTracedIds(carrel, project);
    for (let at = 0; at < ids.length; at += LOOKS_AT_ONCE) {
      const batch = ids.slice(at, at + LOOKS_AT_ONCE).map((id) => diagnose(carrel, project, id));
      found.push(...(await Promise.all(batch)).flat());
    }
  }
  return found;
}

async function diagnose(carrel: Carrel, project: KnownProject, id: TaskId): Promise<Diagnosis[]> {
  const look = () => traceTask(carrel, project, id);
  if (judgeTask(await look()).length === 0) return [];
  // What is wrong at first sight may have been somebody's work in progress.
  const traces = await lookAtQuiet(carrel, { project: project.id, id }, look);
  return traces === null ? [] : judgeTask(traces).map((trouble) => toDiagnosis(carrel, traces, trouble));
}

function toDiagnosis(carrel: Carrel, traces: TaskTraces, { code, what, fix }: TaskTrouble): Diagnosis {
  const { ref, project, address } = traces;
  const mend = MEND_TASK[code];
  if (fix === null || mend === null) return { code, what, where: address, fix: null, repair: null };
  const repair = () =>
    repairQuiet(carrel, ref, async () => {
      const now = await traceTask(carrel, project, ref.id);
      const isStill = judgeTask(now).some((trouble) => trouble.code === code && trouble.fix === fix);
      return isStill ? await mend(carrel, now) : RIGHT_ALREADY;
    });
  return { code, what, where: address, fix, repair };
}
