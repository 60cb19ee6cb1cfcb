/**
 * Looks, while a task is followed, whether it needs a human.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { TaskRef } from "../query/find_task.ts";
import { openProject } from "../query/open_project.ts";
import type { Question } from "../query/question.ts";
import { readStoredTask } from "../query/stored_task.ts";

const POLL_MS = 2000;

/**
 * Tells each question once, until `signal` is aborted; then it looks a last time. It is a courtesy: what goes
 * wrong ends it without a word.
 */
export async function watchForHuman(
  carrel: Carrel,
  ref: TaskRef,
  tell: (question: Question) => void,
  signal: AbortSignal,
): Promise<void> {
  let told: string | null = null;
  try {
    for (let isLast = false; !isLast;) {
      isLast = signal.aborted;
      const question = await findQuestionOf(carrel, ref);
      if (question !== null && question.request !== told) tell(question);
      told = question?.request ?? told;
      if (!isLast) await pause(carrel, signal);
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

async function findQuestionOf(carrel: Carrel, { project, id }: TaskRef): Promise<Question | null> {
  const task = await readStoredTask(carrel, await openProject(carrel, project), id);
  if (task.escalation === null) return null;
  const { readQuestion } = await import("./read_question.ts");
  return (await readQuestion(carrel, task)).question;
}

/** Until the next look, or the signal. */
async function pause({ host: { clock } }: Carrel, signal: AbortSignal): Promise<void> {
  await clock.sleep(POLL_MS, signal).catch((error) => {
    if (!signal.aborted) throw error;
  });
}
