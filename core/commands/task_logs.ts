/**
 * `carrel task logs`
 *
 * @module
 */
import { findTask } from "../query/find_task.ts";
import { readTaskLogs } from "../query/task_logs.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";
import { writeChunk } from "./follow.ts";

const EXIT_SIGINT = 130;

/** Prints a task's output. */
export default command({
  summary: "Print a task's output, stdout to stdout and stderr to stderr",
  examples: [
    { line: "carrel task logs demo/q7", note: "all there is so far" },
    { line: "carrel task logs -f demo/q7 --json", note: "tagged lines until it ends" },
  ],
  positionals: [taskArguments],
  flags: { follow: { kind: "boolean", short: "f", summary: "go on until the task ends" } },
  streams: true,
  async run(app, { args, flags }) {
    const carrel = await app.carrel();
    const ref = await findTask(carrel, args.task);
    const leave = new AbortController();
    const remove = flags.follow ? app.terminal.onSignal("SIGINT", () => leave.abort()) : () => {};
    const data = { task_id: ref.id, project_id: ref.project };
    try {
      for await (const chunk of readTaskLogs(carrel, ref, { follow: flags.follow, signal: leave.signal })) {
        await writeChunk(app, chunk);
      }
    } catch (error) {
      if (!leave.signal.aborted) throw error;
    } finally {
      remove();
    }
    return leave.signal.aborted ? { data, exit: EXIT_SIGINT } : { data };
  },
  text: () => "",
});
