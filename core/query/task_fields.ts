/**
 * One task in words: labels and values, in the order in which people read them.
 *
 * @module
 */
import {
  type DisplayColor,
  MODE_DISPLAY,
  NO_MODE_DISPLAY,
  STATUS_DISPLAY,
  WORK_STATUS_DISPLAY,
} from "./display.ts";
import { howToAnswer, type Question, shortReason } from "./question.ts";
import type { TaskView } from "./task_meta.ts";

/** A label, and its value; null = nothing to say. */
export type Field = readonly [label: string, value: string | null];

/**
 * What there is to say of a task; `paint` colours words where colour can be shown.
 *
 * @param paint gives back its text, coloured or not
 * @param question what it asks of people, if that is known
 */
export function taskFields(
  task: TaskView,
  paint: (text: string, color: DisplayColor) => string,
  question?: Question,
): Field[] {
  const address = `${task.project_id}/${task.task_id}`;
  const status = STATUS_DISPLAY[task.status];
  const mode = MODE_DISPLAY[task.mode ?? ""] ?? NO_MODE_DISPLAY;
  return [
    ["Task", address],
    ["Name", task.name],
    ["Status", `${status.emoji} ${paint(status.label, status.color)}`],
    ["Mode", mode.label === "" ? null : `${mode.emoji} ${mode.label}`],
    ["Container", task.container_name],
    ["Container state", containerState(task, paint)],
    ["Runtime", task.runtime],
    ["Image", task.image],
    ["Permissions", task.unrestricted === null ? null : task.unrestricted ? "unrestricted" : "restricted"],
    ["Exit code", numberOrNull(task.exit_code)],
    ["Ended by", task.exit_reason],
    ["Web port", numberOrNull(task.web_port)],
    ["Work status", workStatus(task.work_status)],
    ["Work message", task.work_message],
    [
      "Needs human",
      task.needs_human ? paint(question === undefined ? "yes" : shortReason(question), "yellow") : null,
    ],
    ["Answer", task.needs_human ? howToAnswer(address) : null],
    ["Labels", Object.entries(task.labels).map(([key, value]) => `${key}=${value}`).join(" ") || null],
    ["Restored from", task.restored_from === null ? null : `${task.restored_from} (its id before)`],
    ["Created", task.created_at],
    ["Ready", task.ready_at],
  ];
}

function containerState(task: TaskView, paint: (text: string, color: DisplayColor) => string): string | null {
  if (task.container_name === null) return null;
  return task.container_state ?? paint("not found", "red");
}

function workStatus(word: string | null): string | null {
  if (word === null) return null;
  const emoji = WORK_STATUS_DISPLAY[word]?.emoji;
  return emoji === undefined ? word : `${emoji} ${word}`;
}

function numberOrNull(value: number | null): string | null {
  return value === null ? null : String(value);
}
