/**
 * Every question that waits for a decision.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { AppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskRef } from "../query/find_task.ts";
import { loadStoredTasks } from "../query/load_tasks.ts";
import type { Question } from "../query/question.ts";
import { readQuestion } from "./read_question.ts";

/** What waits, and what could not be read. */
export interface QuestionListing {
  /** The one that waits longest first. */
  readonly waiting: readonly { readonly ref: TaskRef; readonly question: Question }[];
  /** Why what some tasks ask is not heeded, one sentence each. */
  readonly problems: readonly string[];
  /** One for each record that cannot be read. */
  readonly damaged: readonly AppError[];
}

/**
 * Reads the questions of one project's tasks, or of all, without asking any runtime. Throws
 * `project_not_found`, and when the state store cannot be used.
 */
export async function listQuestions(carrel: Carrel, project: ProjectId | null): Promise<QuestionListing> {
  const { stored, damaged } = await loadStoredTasks(carrel, project);
  const waiting: QuestionListing["waiting"][number][] = [];
  const problems: string[] = [];
  for (const task of stored) {
    const { question, problem } = await readQuestion(carrel, task);
    if (problem !== null) problems.push(problem);
    const ref = { project: task.project.id, id: task.record.task_id };
    if (question !== null) waiting.push({ ref, question });
  }
  waiting.sort((one, other) => one.question.asked_at < other.question.asked_at ? -1 : 1);
  return { waiting, problems, damaged };
}
