/**
 * `carrel task diff`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { diffTask } from "../engine/diff_task.ts";
import { findTask } from "../query/find_task.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";

/** Shows what a task changed. */
export default command({
  summary: "Show what a task changed in its workspace",
  description:
    "git runs where the task runs: in its container, or in a throw-away one without network that sees the workspace read-only. It never runs on the host in a tree that the task has written, but for the process runtime, which has no container.",
  examples: [
    {
      line: "carrel task diff demo/q7",
      note: "against the commit it started from, untracked files included",
    },
    { line: "carrel task diff --prev --stat demo/q7", note: "files of the last commit" },
  ],
  positionals: [taskArguments],
  flags: {
    base: { kind: "boolean", summary: "against the commit the task started from (default)" },
    head: { kind: "boolean", summary: "against the last commit" },
    prev: { kind: "boolean", summary: "the last commit against the one before" },
    stat: { kind: "boolean", summary: "a summary of files" },
  },
  async run(app, { args, flags }) {
    const kinds = (["base", "head", "prev"] as const).filter((kind) => flags[kind]);
    if (kinds.length > 1) throw new AppError("usage", "--base, --head and --prev exclude each other");
    const against = kinds[0] ?? "base";
    const carrel = await app.carrel();
    const ref = await findTask(carrel, args.task);
    const bytes = await diffTask(carrel, ref, { against, stat: flags.stat });
    // Bytes go to a pipe as they are; JSON and people's terminals get text.
    if (!app.io.json && !app.io.look.columns) await app.io.writeOut(bytes);
    const diff = new TextDecoder().decode(bytes);
    return { data: { project_id: ref.project, task_id: ref.id, against, diff } };
  },
  text: ({ diff }, { columns }) => columns === null ? "" : diff,
});
