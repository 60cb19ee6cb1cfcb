/**
 * Containers that have a task's labels but another root's, and that nothing proves to be the task's: whether it
 * runs, nobody can tell.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import { formatAddress } from "../../identity/address.ts";
import { liveStates, type LiveSubject } from "../../query/live_states.ts";
import { listRecords } from "./engines.ts";
import type { Diagnosis } from "./finding.ts";
import { surveyProjects } from "./known_projects.ts";

/** See the module. A runtime that does not answer is another check's to tell. */
export async function unprovedContainers(carrel: Carrel): Promise<Diagnosis[]> {
  const subjects: LiveSubject[] = [];
  for (const project of (await surveyProjects(carrel)).known) {
    for (const record of await listRecords(carrel, project)) subjects.push({ project, record });
  }
  const states = await liveStates(carrel, subjects);
  return states.flatMap((state, index) => {
    const subject = subjects[index];
    if (subject === undefined || !isAppError(state, "conflict")) return [];
    const where = formatAddress(subject.project.id, subject.record.task_id);
    const what = `${state.message}; ${state.hint}`;
    return [{ code: "unproved_container", what, where, fix: null, repair: null }];
  });
}
