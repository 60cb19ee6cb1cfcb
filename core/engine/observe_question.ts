/**
 * Looks at what a loaded task asks of people.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { LoadedTask } from "../query/load_tasks.ts";
import type { Asked } from "../query/question.ts";

/**
 * Adds what a task asks: `meta.needs_human` is true while its question waits. The state store is opened only for
 * one that asks; when it cannot be used, nobody knows whether a person is needed, which is the task's problem.
 */
export async function observeQuestion(carrel: Carrel, task: LoadedTask): Promise<LoadedTask> {
  if (task.stored.escalation === null) return task;
  const asked = await readAnyhow(carrel, task);
  return { ...task, ...asked, meta: { ...task.meta, needs_human: asked.question !== null } };
}

async function readAnyhow(carrel: Carrel, { stored }: LoadedTask): Promise<Asked> {
  // Loaded here because hardly any task asks.
  const { readQuestion } = await import("./read_question.ts");
  try {
    return await readQuestion(carrel, stored);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { question: null, problem: `it is not known whether a person is needed: ${error.message}` };
  }
}
