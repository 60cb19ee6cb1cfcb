/**
 * `carrel task followup`
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { AppError } from "../error.ts";
import { followupTask } from "../engine/followup_task.ts";
import type { MutationAnswer } from "../engine/operation.ts";
import { findTask } from "../query/find_task.ts";
import type { TaskView } from "../query/task_meta.ts";
import { addressOf, viewTask, wordMutation } from "./answer.ts";
import { command } from "./app.ts";
import { readPrompt } from "./env_flags.ts";
import { followOnTerminal } from "./follow.ts";

interface FollowedUp {
  readonly task: TaskView;
  readonly exit_code?: number | null;
  readonly exit_reason?: string;
}

/** Gives an unattended task another prompt. */
export default command({
  summary: "Give an unattended task that has ended another prompt and start it again",
  description: "The old prompt goes to agent-config/prompt-history.txt; the same container starts again.",
  examples: [
    { line: 'carrel task followup demo/q7 "Now add tests"', note: "streams the output" },
    { line: "carrel task followup --detach demo/q7 @next.txt", note: "a prompt from a file" },
  ],
  positionals: [{
    name: "words",
    placeholder: "PROJECT/TASK TEXT",
    summary: "the task (PROJECT/TASK or PROJECT TASK), then the prompt; - reads stdin, @FILE a file",
    arity: "many",
  }],
  flags: { detach: { kind: "boolean", short: "d", summary: "do not follow" } },
  streams: true,
  mutates: true,
  async run(app, { args, flags, dryRun }): Promise<Outcome<MutationAnswer<FollowedUp>>> {
    const given = args.words.at(-1);
    const address = args.words.slice(0, -1);
    if (given === undefined || address.length === 0) {
      throw new AppError("usage", "a prompt is needed", {
        hint: "carrel task followup PROJECT/TASK TEXT (or -, or @FILE)",
      });
    }
    const prompt = await readPrompt(app, given);
    const carrel = await app.carrel();
    const ref = await findTask(carrel, address);
    const op = await followupTask(carrel, ref, prompt, { dryRun });
    const follows = !dryRun && !flags.detach;
    const followed = follows ? await followOnTerminal(app, carrel, ref) : null;
    const end = followed?.end ?? null;
    const data = await op.answer(async () => ({
      task: await viewTask(carrel, ref),
      ...(end === null ? {} : { exit_code: end.exit_code, exit_reason: end.exit_reason }),
    }));
    return {
      data,
      addresses: [addressOf(ref)],
      ...(followed === null ? { streamed: false } : { exit: followed.exit }),
    };
  },
  text: (data) =>
    wordMutation(data, ({ task, exit_reason }) =>
      exit_reason === undefined ? `started ${task.project_id}/${task.task_id} (${task.name})` : ""),
});
