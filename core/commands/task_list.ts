/**
 * `carrel task list`
 *
 * @module
 */
import type { AppError } from "../error.ts";
import { formatTable } from "../cli/table.ts";
import type { Look } from "../cli/style.ts";
import { observeTasks } from "../engine/observe_tasks.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { CONTAINER_MODES } from "../query/container_name.ts";
import { MODE_DISPLAY, NO_MODE_DISPLAY, STATUS_DISPLAY } from "../query/display.ts";
import { filterTasks } from "../query/filter_tasks.ts";
import type { TaskListing } from "../query/load_tasks.ts";
import { openProject } from "../query/open_project.ts";
import { type TaskView, toTaskView } from "../query/task_meta.ts";
import { command } from "./app.ts";
import { damagedRecords } from "./damaged_records.ts";
import { parseLabel } from "./labels.ts";
import { nameInterrupted } from "./name_interrupted.ts";
import { parseStatusWord } from "../query/parse_status_word.ts";

const EXIT_EMPTY = 1;

/** Lists tasks with their live status. */
export default command({
  summary: "List tasks, newest first",
  examples: [
    { line: "carrel task list", note: "the tasks of all projects" },
    { line: "carrel task list demo --status running -q", note: "addresses for another command" },
    { line: "carrel task list --label team=web --json", note: "an array of task objects" },
  ],
  positionals: [{ name: "project", summary: "only this project", arity: "optional" }],
  flags: {
    status: { kind: "value", placeholder: "WORD", parse: parseStatusWord, summary: "only this status" },
    mode: { kind: "value", placeholder: "MODE", choices: CONTAINER_MODES, summary: "only this mode" },
    agent: {
      kind: "value",
      placeholder: "NAME",
      summary: "only this agent (else provider, else preset)",
    },
    label: {
      kind: "repeated",
      placeholder: "KEY[=VALUE]",
      parse: parseLabel,
      summary: "only with this label",
    },
    exitEmpty: { kind: "boolean", summary: "exit 1 when nothing matches" },
  },
  async run(app, { args, flags }) {
    const carrel = await app.carrel();
    const project = args.project === undefined ? null : parseProjectId(args.project);
    if (project !== null) await openProject(carrel, project);
    const naming = nameInterrupted(carrel, { project });
    const listing = await observeTasks(carrel, project).finally(() => naming);
    const tasks = filterTasks(listing.tasks.map(({ meta }) => meta), flags).map(toTaskView);
    const error = listingError(listing);
    for (const text of new Set(listing.tasks.map(({ problem }) => problem))) {
      if (text !== null) carrel.notify({ kind: "warning", text });
    }
    return {
      data: tasks,
      addresses: tasks.map(({ project_id, task_id }) => `${project_id}/${task_id}`),
      ...(error === null ? {} : { error }),
      ...(error === null && flags.exitEmpty && tasks.length === 0 ? { exit: EXIT_EMPTY } : {}),
    };
  },
  text: wordList,
});

/** Damaged records count more than a runtime that does not answer: they do not mend themselves. */
function listingError({ damaged, runtimeFailures }: TaskListing): AppError | null {
  return damagedRecords(damaged) ?? runtimeFailures[0] ?? null;
}

function wordList(tasks: readonly TaskView[], look: Look): string {
  if (tasks.length === 0) return "no tasks";
  const rows = tasks.map((task) => [
    `${task.project_id}/${task.task_id}`,
    task.name,
    look.style[STATUS_DISPLAY[task.status].color](STATUS_DISPLAY[task.status].label),
    (MODE_DISPLAY[task.mode ?? ""] ?? NO_MODE_DISPLAY).label,
    task.exit_code === null ? "" : String(task.exit_code),
    wordWork(task, look),
  ]);
  return formatTable(
    [
      { header: "TASK" },
      { header: "NAME", shrinks: true },
      { header: "STATUS" },
      { header: "MODE" },
      { header: "EXIT", align: "right" },
      { header: "WORK", shrinks: true },
    ],
    rows,
    look,
  );
}

/** What the agent says of its work; that it waits for a person comes first. */
function wordWork({ needs_human, work_status, work_message }: TaskView, { style }: Look): string {
  const work = [work_status, work_message].filter((part) => part !== null).join(": ");
  return [needs_human ? style.yellow("needs human") : "", work].filter((part) => part !== "").join("; ");
}
