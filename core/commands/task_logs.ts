/**
 * `carrel task logs`
 *
 * @module
 */
import { findTask } from "../query/find_task.ts";
import { readTaskLogs } from "../query/task_logs.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";
import { writeOutput } from "./output_writer.ts";
import { Interrupted, leaveOn } from "./signal_exit.ts";

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
    // What does not follow ends by itself, or as signals usually end a program.
    const stopListening = flags.follow ? leaveOn(app.terminal, ["SIGINT", "SIGTERM"], leave) : () => {};
    const data = { task_id: ref.id, project_id: ref.project };
    try {
      await writeOutput(app, readTaskLogs(carrel, ref, { follow: flags.follow, signal: leave.signal }));
      leave.signal.throwIfAborted();
      return { data };
    } catch (error) {
      if (error instanceof Interrupted) return { data, exit: error.exit };
      throw error;
    } finally {
      stopListening();
    }
  },
  text: () => "",
});
