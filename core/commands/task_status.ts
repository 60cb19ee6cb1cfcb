/**
 * `carrel task status`
 *
 * @module
 */
import { observeTaskAnyhow } from "../engine/observe_tasks.ts";
import { formatFields } from "../text/format_fields.ts";
import { containerLogPath, dossierPath, metaPath, workspaceDir } from "../meta/paths.ts";
import { findTask } from "../query/find_task.ts";
import type { LoadedTask } from "../query/load_tasks.ts";
import { parseStatusWord } from "../query/parse_status_word.ts";
import type { Question } from "../query/question.ts";
import { taskFields } from "../query/task_fields.ts";
import { type TaskView, toTaskView } from "../query/task_meta.ts";
import { AppError } from "../error.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";
import { nameInterrupted } from "./name_interrupted.ts";

/** Where things of a task are, for somebody who looks for a fault. */
interface Locations {
  readonly container_id: string | null;
  readonly workspace_dir: string;
  readonly log_file: string;
  readonly dossier_file: string;
  readonly bookkeeping_file: string;
}

type StatusData = TaskView & {
  /** What waits for a person's decision; absent when nothing does. */
  readonly question?: Question;
  readonly locations?: Locations;
  /** Whether the status is the word that was asked for; null when it is not known. */
  readonly matches?: boolean | null;
};

/** Shows one task. */
export default command({
  summary: "Show one task with its live state",
  examples: [
    { line: "carrel task status demo/q7", note: "what it is and how it is" },
    { line: "carrel task status demo/q7 --is running", note: "exit 0 if it is, else 1" },
  ],
  positionals: [taskArguments],
  flags: {
    is: {
      kind: "value",
      placeholder: "WORD",
      parse: parseStatusWord,
      summary: "exit 0 if the status is this word, else 1",
    },
    verbose: { kind: "boolean", short: "v", summary: "also where its files and container are" },
  },
  async run(app, { args, flags }) {
    const carrel = await app.carrel();
    const ref = await findTask(carrel, args.task);
    // A runtime that fails is the error of this command, not a warning beside it.
    const naming = nameInterrupted(carrel, { project: ref.project, task: ref.id });
    const loaded = await observeTaskAnyhow(carrel, ref).finally(() => naming);
    const failure = loaded.live instanceof AppError ? loaded.live : null;
    const view = toTaskView(loaded.meta);
    const { question, problem } = loaded;
    if (problem !== null) carrel.notify({ kind: "warning", text: problem });
    const data: StatusData = {
      ...view,
      ...(question === null ? {} : { question }),
      ...(flags.verbose ? { locations: locate(loaded) } : {}),
      ...(flags.is === undefined ? {} : { matches: failure === null ? view.status === flags.is : null }),
    };
    const { matches = true } = data;
    return {
      data,
      addresses: matches === true ? [`${view.project_id}/${view.task_id}`] : [],
      ...(matches === false ? { exit: 1 } : {}),
      ...(failure === null ? {} : { error: failure }),
    };
  },
  text(data, { style }) {
    // A predicate answers with its exit status.
    if (data.matches !== undefined) return "";
    const { locations } = data;
    return formatFields([
      ...taskFields(data, (text, color) => style[color](text), data.question),
      ["Container id", locations?.container_id ?? null],
      ["Task directory", locations === undefined ? null : data.workspace],
      ["Workspace", locations?.workspace_dir ?? null],
      ["Log file", locations?.log_file ?? null],
      ["Dossier", locations?.dossier_file ?? null],
      ["Bookkeeping", locations?.bookkeeping_file ?? null],
    ]);
  },
});

function locate({ stored, live }: LoadedTask): Locations {
  const { project, record, taskDir } = stored;
  return {
    container_id: live === null || live instanceof AppError ? null : live.id,
    workspace_dir: workspaceDir(taskDir),
    log_file: containerLogPath(taskDir),
    dossier_file: dossierPath(project.metaDir, record.task_id),
    bookkeeping_file: metaPath(project.metaDir, record.task_id),
  };
}
