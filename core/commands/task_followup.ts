/**
 * `carrel task followup`
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { AppError } from "../error.ts";
import { followupTask } from "../engine/followup_task.ts";
import type { MutationAnswer } from "../engine/operation.ts";
import { findTaskAgain } from "../engine/find_task_again.ts";
import { measureTaskLogs } from "../query/task_logs.ts";
import type { TaskView } from "../query/task_meta.ts";
import { addressOf, viewLastingTask, wordMutation } from "./answer.ts";
import { waitFlags, waitOptions } from "./arguments.ts";
import { mutation } from "./mutation.ts";
import { type EndFields, endFields, followOnTerminal } from "./follow.ts";
import { readPrompt } from "./read_prompt.ts";

interface FollowedUp extends EndFields {
  /** Null when it was deleted while it was followed. */
  readonly task: TaskView | null;
}

/** Gives an unattended task another prompt. */
export default mutation({
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
    arity: "words",
  }],
  flags: { detach: { kind: "boolean", short: "d", summary: "do not follow" }, ...waitFlags },
  streams: true,
  async given(app, { args }) {
    const prompt = args.words.at(-1);
    const address = args.words.slice(0, -1);
    if (prompt === undefined || address.length === 0) {
      throw new AppError("usage", "a prompt is needed", {
        hint: "carrel task followup PROJECT/TASK TEXT (or -, or @FILE)",
      });
    }
    return { address, prompt: await readPrompt(app, prompt) };
  },
  async run(app, { flags, given, options }): Promise<Outcome<MutationAnswer<FollowedUp>>> {
    const { address, prompt } = given;
    const { dryRun = false } = options;
    const carrel = await app.carrel();
    const ref = await findTaskAgain(carrel, address, options);
    const follows = !dryRun && !flags.detach;
    // The same container goes on with the same log.
    const seen = follows ? await measureTaskLogs(carrel, ref) : null;
    const op = await followupTask(carrel, ref, prompt, waitOptions(app.terminal, flags), options);
    const followed = seen === null ? null : await followOnTerminal(app, carrel, ref, seen);
    const data = await op.answer(async () => ({
      task: await viewLastingTask(carrel, ref),
      ...(followed === null ? {} : endFields(followed)),
    }));
    return {
      data,
      addresses: [addressOf(ref)],
      ...(followed === null ? { streamed: false } : { exit: followed.exit, final: followed.end !== null }),
      ...(followed?.error === undefined ? {} : { error: followed.error }),
    };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ task, exit_code }) =>
        exit_code === undefined && task !== null
          ? `started ${task.project_id}/${task.task_id} (${task.name})`
          : "",
    ),
});
