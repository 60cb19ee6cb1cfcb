/**
 * `task wait`: until a task is as somebody wants it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { TaskRef } from "../query/find_task.ts";
import { type LoadedTask, loadTask } from "../query/load_tasks.ts";
import type { TaskMeta } from "../query/task_meta.ts";
import type { TaskStatus } from "../query/effective_status.ts";
import { isActiveState } from "../query/launched_container.ts";
import { howToAnswer, shortReason } from "../query/question.ts";
import { observeQuestion } from "./observe_question.ts";

/** What to wait for: an end, readiness, absence, a question to people, or a status word. */
export type WaitCondition = "exited" | "ready" | "deleted" | "needs-human" | { readonly status: TaskStatus };

/** How to wait. */
export interface WaitForTaskOptions {
  /** Default: for ever. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Whether a question to people ends the waiting; default true. */
  readonly heedsQuestions?: boolean;
}

/** How long to pause between two looks. */
const POLL_MS_MIN = 50;
const POLL_MS_MAX = 1000;

/**
 * Waits; what is true already is success at once. Returns the task, or null when it is gone and
 * that satisfies the condition. Errors: `wait_timeout`, `task_not_found` (gone, and not waited
 * for), `needs_human` (nor was that), `wrong_state` (it can no longer become so), exit 9.
 */
export async function waitForTask(
  carrel: Carrel,
  ref: TaskRef,
  condition: WaitCondition,
  options: WaitForTaskOptions = {},
): Promise<TaskMeta | null> {
  const { clock } = carrel.host;
  const deadline = options.timeoutMs === undefined ? Infinity : clock.monotonicMs() + options.timeoutMs;
  const warnOnce = newWarner(carrel);
  let hasLookedAgain = false;
  for (let pauseMs = POLL_MS_MIN;; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const task = await loadOrNull(carrel, ref, condition);
    if (task === null) return null;
    const { meta } = task;
    if (holds(meta, condition)) return meta;
    warnOnce(task.problem);
    if (options.heedsQuestions !== false) refuseToWaitForHuman(task);
    if (isHopeless(meta, condition)) {
      if (hasLookedAgain) throw endedBefore(meta, condition);
      // What it did just before its end may have been missed.
      hasLookedAgain = true;
      continue;
    }
    hasLookedAgain = false;
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0) {
      throw new AppError(
        "wait_timeout",
        `task ${ref.project}/${ref.id} is ${meta.status} and the time is up`,
        {
          hint: "give a longer --timeout, or none",
        },
      );
    }
    await clock.sleep(Math.min(pauseMs, leftMs), options.signal);
  }
}

/** Passes each warning on once. */
function newWarner({ notify }: Pick<Carrel, "notify">): (text: string | null) => void {
  const said = new Set<string>();
  return (text) => {
    if (text === null || said.has(text)) return;
    said.add(text);
    notify({ kind: "warning", text });
  };
}

async function loadOrNull(
  carrel: Carrel,
  ref: TaskRef,
  condition: WaitCondition,
): Promise<LoadedTask | null> {
  try {
    return await observeQuestion(carrel, await loadTask(carrel, ref));
  } catch (error) {
    if (condition === "deleted" && isAppError(error, "task_not_found", "project_not_found")) return null;
    throw error;
  }
}

function holds(meta: TaskMeta, condition: WaitCondition): boolean {
  if (condition === "deleted") return false;
  if (condition === "ready") return meta.initialized;
  if (condition === "needs-human") return meta.needs_human;
  if (condition === "exited") {
    const mayRun = meta.container_state !== null && isActiveState(meta.container_state);
    return !mayRun && ["completed", "failed", "stopped", "not found"].includes(meta.status);
  }
  return meta.status === condition.status;
}

/** Whoever waits for something else would wait for a person without knowing it. */
function refuseToWaitForHuman({ meta, question }: LoadedTask): void {
  if (question === null) return;
  const address = `${meta.project_id}/${meta.task_id}`;
  throw new AppError("needs_human", `task ${address} needs a human: ${shortReason(question)}`, {
    hint: `see \`carrel escalation show ${address}\`, answer with \`${howToAnswer(address)}\``,
    details: { request: question.request },
  });
}

/** A task that has ended does not become ready by waiting, nor does it ask anything. */
function isHopeless({ status }: TaskMeta, condition: WaitCondition): boolean {
  const isOfTheRunning = condition === "ready" || condition === "needs-human";
  return isOfTheRunning && ["completed", "failed", "stopped"].includes(status);
}

function endedBefore({ project_id, task_id }: TaskMeta, condition: WaitCondition): AppError {
  const what = condition === "ready" ? "before it was ready" : "without asking for a human";
  return new AppError("wrong_state", `task ${project_id}/${task_id} ended ${what}`, {
    hint: `see its output: \`carrel task logs ${project_id}/${task_id}\``,
  });
}
