/**
 * What the compiled program takes for its commonest commands, beside an empty compiled program and raw podman in
 * the same run. Exit 1 when something is over its bar.
 *
 * Usage: tasks.ts [--runs N] [--tasks N]; measures the binary that `CARREL_BIN` names, else `dist/carrel`
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { IDLE_COMMAND } from "../../core/engine/launch_settings.ts";
import { TEST_IMAGE, whyNoPodman } from "../../tests/podman/podman_here.ts";
import { numberFlag } from "../number_flag.ts";
import { compileBenchProgram } from "./compile_bench_program.ts";
import { newRawContainers } from "./raw_containers.ts";
import { runProgram } from "./run_program.ts";
import { type Comparison, formatComparison, sideBySide } from "./side_by_side.ts";
import { makeTasks, newTaskPlace, type TaskPlace } from "./task_place.ts";

const RUNS = numberFlag("runs", 20);
const TASKS = numberFlag("tasks", 10_000);
const PODMAN_TASKS = 50;
/** What a list may take besides its start and the one call of podman. */
const LIST_SLACK_MS = 25;
const MEMORY_BAR = 150e6;

const binary = Deno.env.get("CARREL_BIN") ?? fromFileUrl(import.meta.resolve("../../dist/carrel"));
const directory = await Deno.makeTempDir({ prefix: "carrel-bench-" });
try {
  const empty = await compileBenchProgram("empty_program", directory);
  await benchStart(empty);
  await benchLongList(empty);
  const missing = await whyNoPodman();
  if (missing === null) await benchPodman();
  else await print(`without podman: ${missing}`);
} finally {
  await runProgram(["rm", "-rf", directory]);
}

async function benchStart(empty: string): Promise<void> {
  await compare({
    what: "carrel version / an empty program",
    bar: 1.25,
    ours: () => runProgram([binary, "version"]),
    theirs: () => runProgram([empty]),
  });
}

async function benchLongList(empty: string): Promise<void> {
  const place = await newTaskPlace(binary, directory, { project: newName(), image: TEST_IMAGE });
  makeTasks(place.root, place.project, TASKS);
  await compare({
    what: `task list --json, ${TASKS} tasks / an empty program`,
    bar: 10,
    ours: () => place.run("task", "list", "--json"),
    theirs: () => runProgram([empty]),
  });
  const bytes = await place.peakMemory("task", "list", "--json");
  await tell(
    `  its peak memory: ${(bytes / 1e6).toFixed(0)} MB (bar ${MEMORY_BAR / 1e6})`,
    bytes <= MEMORY_BAR,
  );
}

async function benchPodman(): Promise<void> {
  const place = await newTaskPlace(binary, directory, { project: newName(), image: TEST_IMAGE });
  try {
    await benchLaunch(place);
    await benchPodmanList(place);
  } finally {
    await place.run("project", "delete", "--with-tasks", place.project);
  }
}

async function benchLaunch(place: TaskPlace): Promise<void> {
  const raw = newRawContainers(join(directory, "raw"), newName(), IDLE_COMMAND);
  let task = "";
  const launching = {
    ours: async () => task = (await launch(place)).trim(),
    after: () => Promise.all([raw.removeAll(), place.run("task", "delete", "--purge", "--yes", task)]),
  };
  await compare({
    ...launching,
    what: "task run -d / podman create, podman start",
    bar: 1.5,
    theirs: () => raw.createAndStart(),
  });
  await compare({ ...launching, what: "task run -d / podman run -d", bar: null, theirs: () => raw.run() });
}

async function benchPodmanList(place: TaskPlace): Promise<void> {
  for (let made = 0; made < PODMAN_TASKS; made++) await launch(place);
  await compare({
    what: `task list, ${PODMAN_TASKS} podman tasks / start-up, podman ps and ${LIST_SLACK_MS} ms`,
    bar: 1,
    slackMs: LIST_SLACK_MS,
    ours: () => place.run("task", "list"),
    theirs: async () => {
      await runProgram([binary, "version"]);
      await runProgram(["podman", "ps", "--all", "--format", "json"]);
    },
  });
}

async function launch(place: TaskPlace): Promise<string> {
  return await place.run("task", "run", "-q", "-d", place.project, "--", ...IDLE_COMMAND);
}

function newName(): string {
  return `bench-${crypto.getRandomValues(new Uint8Array(4)).toHex()}`;
}

async function compare(comparison: Omit<Comparison, "rounds">): Promise<void> {
  const result = await sideBySide({ rounds: RUNS, ...comparison });
  await tell(formatComparison(result), result.withinBar);
}

async function tell(line: string, isWithinBar: boolean): Promise<void> {
  if (!isWithinBar) Deno.exitCode = 1;
  await print(line);
}

async function print(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
