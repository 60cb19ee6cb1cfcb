/**
 * `carrel task run`
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Outcome } from "../cli/define_command.ts";
import { AppError } from "../error.ts";
import { awaitReady } from "../engine/await_ready.ts";
import { type LaunchRequest, resolveEnv } from "../engine/launch_settings.ts";
import { runExistingTask, runNewTask, type RunResult } from "../engine/run_task.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { CONTAINER_MODES } from "../query/container_name.ts";
import { findTaskAgain } from "../engine/find_task_again.ts";
import type { TaskRef } from "../query/find_task.ts";
import type { TaskView } from "../query/task_meta.ts";
import type { MutationAnswer, MutationOptions } from "../engine/operation.ts";
import { addressOf, viewLastingTask, viewStartedTask, viewTask, wordMutation } from "./answer.ts";
import type { App, FlagSettings } from "./app.ts";
import { labelFlag, nameFlag, timeoutFlag, waitFlags, waitOptions } from "./arguments.ts";
import { parseEnvFlags } from "./env_flags.ts";
import { type EndFields, endFields, followOnTerminal } from "./follow.ts";
import { parseLabels } from "./labels.ts";
import { mutation } from "./mutation.ts";
import { readPrompt } from "./read_prompt.ts";

interface Ran extends EndFields {
  readonly task: TaskView | null;
}

/** Makes a task and starts it, or starts one that never ran. */
export default mutation({
  summary: "Make a task and start it",
  description: [
    "With a command the task runs unattended (mode run): its output is streamed, and its exit code is carrel's. " +
    "Without one it idles for logins (mode cli).",
    "Ctrl-C stops a task that is followed; a second one kills it. A closed terminal leaves it running.",
  ].join("\n\n"),
  examples: [
    { line: "carrel task run demo -- make test", note: "streams the output, exits as make does" },
    { line: "carrel task run demo --detach -- ./agent", note: "answers once it is started" },
    { line: "carrel task run demo --mode cli", note: "a container to log in to" },
  ],
  positionals: [{
    name: "target",
    placeholder: "PROJECT[/TASK]",
    summary: "the project of a new task, or a task that never ran",
    arity: "words",
  }],
  flags: {
    mode: {
      kind: "value",
      placeholder: "MODE",
      choices: CONTAINER_MODES,
      summary: "default: run with a command, else cli",
    },
    name: nameFlag,
    label: labelFlag,
    env: {
      kind: "repeated",
      placeholder: "NAME[=VALUE]",
      summary: "a variable for the task",
    },
    prompt: {
      kind: "value",
      placeholder: "TEXT",
      summary: "text for agent-config/prompt.txt; - reads stdin, @FILE a file",
    },
    timeout: { ...timeoutFlag, summary: "end the task after this time" },
    image: { kind: "value", placeholder: "IMAGE", summary: "container image", env: "CARREL_RUN_IMAGE" },
    runtime: { kind: "value", placeholder: "NAME", summary: "what runs it", env: "CARREL_RUN_RUNTIME" },
    detach: { kind: "boolean", short: "d", summary: "do not follow" },
    follow: { kind: "boolean", short: "f", summary: "follow, also in mode cli" },
    ...waitFlags,
  },
  rest: "COMMAND...",
  streams: true,
  given: async (app, { flags }) => ({
    prompt: flags.prompt === undefined ? null : await readPrompt(app, flags.prompt),
    env: resolveEnv(app, parseEnvFlags(flags.env)),
  }),
  async run(
    app,
    { args, flags, rest, given: { prompt, env }, options },
  ): Promise<Outcome<MutationAnswer<Ran>>> {
    if (flags.detach && flags.follow) throw new AppError("usage", "--detach and --follow exclude each other");
    const request: LaunchRequest = {
      ...(flags.mode === undefined ? {} : { mode: flags.mode }),
      ...(rest.length === 0 ? {} : { command: rest }),
      env,
      ...(prompt === null ? {} : { prompt }),
      ...(flags.timeout === undefined ? {} : { timeoutS: flags.timeout }),
      ...waitOptions(app.terminal, flags),
    };
    const labels = parseLabels(flags.label);
    const carrel = await app.carrel(settings(flags));
    const [first = ""] = args.target;
    const isNew = args.target.length === 1 && !first.includes("/");
    const result = isNew
      ? await runNewTask(
        carrel,
        parseProjectId(first),
        { ...request, name: flags.name ?? null, labels },
        options,
      )
      : await runExistingTask(carrel, await existing(carrel, args.target, flags, options), request, options);
    return await answerRun(app, carrel, result, flags);
  },
  text: (data) => wordMutation(data, ({ task, exit_code }) => wordRun(task, exit_code !== undefined)),
});

interface FollowFlags {
  readonly detach: boolean;
  readonly follow: boolean;
}

function settings(
  flags: { readonly image: string | undefined; readonly runtime: string | undefined },
): FlagSettings {
  return {
    ...(flags.image === undefined ? {} : { "run.image": { value: flags.image, flag: "--image" } }),
    ...(flags.runtime === undefined ? {} : { "run.runtime": { value: flags.runtime, flag: "--runtime" } }),
  };
}

async function existing(
  carrel: Carrel,
  words: readonly string[],
  flags: { readonly name: string | undefined; readonly label: readonly string[] },
  options: MutationOptions,
): Promise<TaskRef> {
  if (flags.name !== undefined || flags.label.length > 0) {
    throw new AppError("usage", "--name and --label are for a new task", {
      hint: "give a project alone to make a new task, or rename the task first",
    });
  }
  return await findTaskAgain(carrel, words, options);
}

async function answerRun(
  app: App,
  carrel: Carrel,
  { op, ref, mode }: RunResult,
  flags: FollowFlags,
): Promise<Outcome<MutationAnswer<Ran>>> {
  if (op.dryRun || ref === null) {
    return { data: await op.answer(() => ({ task: null })), streamed: false };
  }
  const follows = !flags.detach && (flags.follow || mode === "run");
  if (!follows) {
    const awaitsPort = mode !== "run" && mode !== "cli" && !flags.detach;
    if (awaitsPort) await awaitReady(carrel, ref);
    const view = () => awaitsPort ? viewTask(carrel, ref) : viewStartedTask(carrel, { op, ref });
    return {
      data: await op.answer(async () => ({ task: await view() })),
      addresses: [addressOf(ref)],
      streamed: false,
    };
  }
  if (!app.io.quiet) app.io.notice(`task ${addressOf(ref)} is running`);
  const followed = await followOnTerminal(app, carrel, ref);
  return {
    data: await op.answer(async () => ({ task: await viewLastingTask(carrel, ref), ...endFields(followed) })),
    addresses: [addressOf(ref)],
    exit: followed.exit,
    final: followed.end !== null,
    ...(followed.error === undefined ? {} : { error: followed.error }),
  };
}

/** A task that was followed to its end has said what it had to say. */
function wordRun(task: TaskView | null, isFollowed: boolean): string {
  if (task === null || isFollowed) return "";
  const address = `${task.project_id}/${task.task_id}`;
  if (task.mode === "run") {
    return `running ${address} (${task.name}); follow it: carrel task logs -f ${address}`;
  }
  if (task.web_port !== null && task.mode !== "cli") {
    return `running ${address} (${task.name}) on http://127.0.0.1:${task.web_port}/`;
  }
  return `running ${address} (${task.name}); log in: carrel task login ${address}`;
}
