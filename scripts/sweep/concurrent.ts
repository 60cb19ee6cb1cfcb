/**
 * Many processes at once over the compiled program: `deno task sweep:concurrent`.
 *
 * 2 to 64 processes run random commands on few tasks. What each asked and was answered, and when, is checked:
 * every task's history has an order that a sequential task could have had, ids are unique, capacities are kept,
 * a key stands for one execution.
 *
 *   --operations N    how many commands (default 10000)
 *   --processes N     at most so many at once (default 64)
 *   --seed N          which commands
 *   --json FILE       the figures as JSON
 *   --scorecard       writes its part of docs/scorecard.md
 *
 * CARREL_BIN names the program; else it is dist/carrel.
 *
 * @module
 */
import { join } from "@std/path";
import { type HistoryVerdict, judgeHistory, type Recorded } from "./history.ts";
import { Place } from "./place.ts";
import { DESKS, newRandom, randomOperation, type SharedTask } from "./random_operation.ts";
import { answerOf } from "./scene.ts";
import { say } from "./say.ts";
import { writeScorecard } from "./scorecard.ts";
import { sweptProgram } from "./swept_program.ts";
import type { TaskState } from "./task_model.ts";
import { lookAround } from "./world.ts";

/** Commands between two looks at a quiet world. */
const ROUND = 200;
/** A task for so many processes. */
const PROCESSES_PER_TASK = 5;
const TASKS_MIN = 3;
const LOCK_PATIENCE = ["--lock-timeout", "60"];

const options = parse(Deno.args);
const program = sweptProgram();
const random = newRandom(options.seed);
const begun = performance.now();
const total = { operations: 0, rounds: 0, undecided: 0, problems: [] as string[] };
await using place = new Place(await Deno.makeTempDir({ prefix: "carrel-concurrent-" }), program);

while (total.operations < options.operations) {
  const count = Math.min(ROUND, options.operations - total.operations);
  const processes = 2 + Math.floor(random() * (options.processes - 1));
  const { problems, undecided } = await runRound(count, processes);
  total.operations += count;
  total.rounds++;
  total.undecided += undecided;
  total.problems.push(...problems);
  await say(`${total.operations} operations, ${processes} processes, ${total.problems.length} violations`);
  for (const problem of problems) await say(`  ${problem}`);
}

const seconds = Math.round((performance.now() - begun) / 1000);
const report = { ...total, seconds, seed: options.seed };
if (options.json !== null) await Deno.writeTextFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.scorecard) {
  await writeScorecard({ name: "processes at once", text: formatScore(), figures: report });
}
await say(`${total.rounds} histories, ${total.undecided} tasks undecided`);
await say(`${Math.max(total.operations - total.problems.length, 0)} passed, ${total.problems.length} failed`);
Deno.exitCode = total.problems.length === 0 ? 0 : 1;

/** A fresh world, `count` commands by `processes` at once, and a last look. */
async function runRound(count: number, processes: number): Promise<HistoryVerdict> {
  await place.clear();
  const tasks = await prepare(Math.max(TASKS_MIN, Math.ceil(processes / PROCESSES_PER_TASK)));
  const states = new Map(tasks.map(({ id, name }) => [id, { isArchived: false, name, isRunning: false }]));
  const history: Recorded[] = [];
  const holders: string[] = [];
  let next = 0;
  const process = async () => {
    while (next < count) {
      const index = next++;
      const operation = randomOperation(random, index, tasks, holders);
      const from = performance.now();
      const ran = await place.carrel([...operation.words, ...LOCK_PATIENCE]);
      const text = `${ran.stdout}${ran.stderr}`;
      history.push({
        operation,
        begun: from,
        ended: performance.now(),
        code: ran.code,
        answer: answerOf(ran),
        text,
      });
    }
  };
  await Promise.all(Array.from({ length: processes }, process));
  const world = await lookAround(place);
  const verdict = judgeHistory([...history, ...await lastLooks(tasks)], states);
  return { ...verdict, problems: [...verdict.problems, ...world.problems, ...await checkQuiet(states)] };
}

/** A quiet world is sound, and takes no more than there is. */
async function checkQuiet(states: ReadonlyMap<string, TaskState>): Promise<string[]> {
  const problems: string[] = [];
  const doctor = await place.carrel(["doctor", "--json"]);
  if (doctor.code !== 0) problems.push(`doctor: ${doctor.stdout}`);
  const verified = await place.carrel(["audit", "verify", "--json"]);
  if (verified.code !== 0) problems.push(`audit verify: ${verified.stdout}${verified.stderr}`);
  const { tasks, archives } = await lookAround(place);
  for (const id of states.keys()) {
    const found = [...tasks, ...archives].filter((each) => each.id === id).length;
    if (found !== 1) problems.push(`the task ${id} is there ${found} times`);
  }
  return problems;
}

/** Each task's state when nothing happens any more, as the last call of its history. */
async function lastLooks(tasks: readonly SharedTask[]): Promise<Recorded[]> {
  const looks: Recorded[] = [];
  for (const { project, id } of tasks) {
    const words = ["task", "status", `${project}/${id}`, "--json"];
    const from = performance.now();
    const ran = await place.carrel(words);
    looks.push({
      operation: { kind: "task", verb: "status", id, name: "", words },
      begun: from,
      ended: performance.now(),
      code: ran.code,
      answer: answerOf(ran),
      text: ran.stderr,
    });
  }
  return looks;
}

async function prepare(count: number): Promise<(SharedTask & { readonly name: string })[]> {
  await Deno.mkdir(join(place.config, "projects/demo"), { recursive: true });
  await Deno.writeTextFile(
    join(place.config, "projects/demo/project.yml"),
    "run:\n  runtime: fake\n  fake: {duration_ms: 86400000}\n",
  );
  const limits = `limits:\n  slots: ${Math.max(2, count - 1)}\n  ${DESKS.name}: ${DESKS.amount}\n`;
  await Deno.writeTextFile(join(place.config, "config.yml"), limits);
  for (let at = 0; at < count; at++) {
    const name = `t${at}`;
    const ran = await place.carrel(["task", "run", "demo", "--name", name, "--detach", "--", "work"]);
    if (ran.code !== 0) throw new Deno.errors.InvalidData(ran.stderr);
    const { tasks } = await lookAround(place);
    const task = tasks.find((each) => each.name === name);
    if (task === undefined) throw new Deno.errors.NotFound(name);
    const stopped = await place.carrel(["task", "stop", `demo/${task.id}`]);
    if (stopped.code !== 0) throw new Deno.errors.InvalidData(stopped.stderr);
  }
  const { tasks } = await lookAround(place);
  return tasks.map(({ project, id, name }) => ({ project, id, name }));
}

function formatScore(): string {
  return [
    "## Processes at once",
    "",
    `\`deno task sweep:concurrent --scorecard --seed ${options.seed}\`, ${seconds} s: 2 to ${options.processes}`,
    "processes with random commands on few tasks, runtime `fake`.",
    "",
    "| operations | histories | violations | histories of a task that were undecided |",
    "| ---: | ---: | ---: | ---: |",
    `| ${total.operations} | ${total.rounds} | ${total.problems.length} | ${total.undecided} |`,
  ].join("\n");
}

function parse(words: readonly string[]) {
  const known = ["--operations", "--processes", "--seed", "--json"];
  const values = new Map<string, string>();
  let scorecard = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const value = known.includes(word) ? rest.shift() : undefined;
    if (value !== undefined) values.set(word, value);
    else if (word === "--scorecard") scorecard = true;
    else throw new TypeError(`no flag, or a flag without its value: ${word}`);
  }
  const number = (flag: string, otherwise: number) => Number(values.get(flag) ?? otherwise);
  return {
    operations: number("--operations", 10_000),
    processes: number("--processes", 64),
    seed: number("--seed", 1),
    json: values.get("--json") ?? null,
    scorecard,
  };
}
