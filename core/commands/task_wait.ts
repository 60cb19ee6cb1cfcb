/**
 * `carrel task wait`
 *
 * @module
 */
import { AppError, isAppError } from "../error.ts";
import { recordEndOf } from "../engine/record_end.ts";
import { type WaitCondition, waitForTask } from "../engine/wait_for_task.ts";
import { findTask } from "../query/find_task.ts";
import { type TaskMeta, toTaskView } from "../query/task_meta.ts";
import { command } from "./app.ts";
import { taskArguments, timeoutFlag } from "./arguments.ts";
import { parseStatusWord } from "../query/parse_status_word.ts";

const WORDS = ["exited", "ready", "deleted", "needs-human"] as const;

/** Waits for a task. */
export default command({
  summary: "Wait until a task has ended, is ready, is gone, needs a human, or has a status",
  description:
    "What is true already is success at once. Exit 7 when the time is up, 8 when the task needs a human " +
    "and that was not waited for.",
  examples: [
    { line: "carrel task wait demo/q7", note: "prints the exit code once it has ended" },
    { line: "carrel task wait demo/q7 --for ready --timeout 2m", note: "until its workspace is prepared" },
    { line: "carrel task wait demo/q7 --for needs-human", note: "until its agent asks for a decision" },
  ],
  positionals: [taskArguments],
  flags: {
    for: {
      kind: "value",
      placeholder: "CONDITION",
      parse: parseCondition,
      default: "exited",
      summary: "exited, ready, deleted, needs-human or status=WORD",
    },
    timeout: timeoutFlag,
  },
  async run(app, { args, flags }) {
    const carrel = await app.carrel();
    const meta = await waitOrGone();
    return {
      data: {
        satisfied: true,
        exit_code: meta?.exit_code ?? null,
        task: meta === null ? null : toTaskView(meta),
      },
      addresses: meta === null ? [] : [`${meta.project_id}/${meta.task_id}`],
    };

    async function waitOrGone(): Promise<TaskMeta | null> {
      try {
        const ref = await findTask(carrel, args.task);
        const found = await waitForTask(carrel, ref, flags.for, {
          ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
        });
        if (found !== null) await recordEndOf(carrel, ref);
        return found;
      } catch (error) {
        if (flags.for === "deleted" && isAppError(error, "task_not_found", "project_not_found")) return null;
        throw error;
      }
    }
  },
  text: ({ exit_code, task }) => exit_code === null ? task?.status ?? "deleted" : String(exit_code),
});

function parseCondition(text: string): WaitCondition {
  const word = WORDS.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  if (text.startsWith("status=")) return { status: parseStatusWord(text.slice("status=".length)) };
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a condition to wait for`, {
    hint: `one of: ${WORDS.join(", ")}, status=WORD`,
  });
}
