/**
 * `carrel task login`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { loginArgv } from "../engine/exec_task.ts";
import { findTask } from "../query/find_task.ts";
import { command } from "./app.ts";
import { taskArguments } from "./arguments.ts";

/** Opens a shell in a running task. */
export default command({
  summary: "Open a shell in a running task: tmux, bash or sh, what the image has",
  examples: [
    { line: "carrel task login demo/q7", note: "a tmux session survives leaving it" },
    { line: "carrel task login demo/q7 --json", note: "the command, without running it" },
  ],
  positionals: [taskArguments],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const ref = await findTask(carrel, args.task);
    const argv = await loginArgv(carrel, ref);
    const data = { project_id: ref.project, task_id: ref.id, argv };
    if (app.io.json) return { data };
    if (!app.io.isTerminal || app.globals.noInput) {
      throw new AppError("input_required", "a login needs a terminal", {
        hint: "run a command with `carrel task exec`, or print the login command with --json",
      });
    }
    await app.io.flush();
    const { code } = await carrel.host.processes.attach({ argv });
    return { data, exit: code ?? 1 };
  },
  text: () => "",
});
