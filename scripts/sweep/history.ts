/**
 * What processes did at once, and what is wrong with it.
 *
 * @module
 */
import { checkCapacity, checkKeys, type HoldCall, type KeyedCall } from "./check_history.ts";
import { findOrder } from "./find_order.ts";
import { DESKS, type Operation } from "./random_operation.ts";
import { stepTask, type TaskCall, type TaskState } from "./task_model.ts";

/** One command and its answer. */
export interface Recorded {
  readonly operation: Operation;
  readonly begun: number;
  readonly ended: number;
  readonly code: number;
  readonly answer: Readonly<Record<string, unknown>> | null;
  readonly text: string;
}

/** The verdict about a history. */
export interface HistoryVerdict {
  readonly problems: readonly string[];
  /** Tasks whose history had too many possible orders. */
  readonly undecided: number;
}

/** Statuses that a command may answer with when others are at work. */
const POSSIBLE: readonly number[] = [0, 3, 4, 5, 6, 12];

/** Checks a history. `states` are the tasks at its beginning, by id. */
export function judgeHistory(
  history: readonly Recorded[],
  states: ReadonlyMap<string, TaskState>,
): HistoryVerdict {
  const problems = history.filter(({ code }) => !POSSIBLE.includes(code))
    .map(({ operation, code, text }) => `${operation.words.join(" ")} exits ${code}: ${text.slice(0, 500)}`);
  problems.push(
    ...checkCapacity(history.flatMap(asHold), DESKS.amount),
    ...checkKeys(history.flatMap(asKeyed)),
  );
  let undecided = 0;
  for (const [id, state] of states) {
    const calls = looseReads(history.flatMap((each) => asTaskCall(each, id)));
    const verdict = findOrder(state, calls, stepTask);
    if (verdict.kind === "undecided") undecided++;
    if (verdict.kind !== "none") continue;
    const stuck = calls.filter((call) => !verdict.longest.includes(call)).toSorted((a, b) =>
      a.ended - b.ended
    );
    problems.push(
      `no order of ${calls.length} calls on ${id}; explained ${verdict.longest.length}: ${
        verdict.longest.slice(-4).map(wordCall).join("; ")
      }; not: ${stuck.slice(0, 6).map(wordCall).join("; ")}`,
    );
  }
  return { problems, undecided };
}

/**
 * A deletion or a restart stops the task first, and readers take no lock: one that overlaps with it may see the task
 * at rest, which is true then.
 */
function looseReads(calls: readonly TaskCall[]): TaskCall[] {
  const long = calls.filter(({ verb }) => verb === "delete" || verb === "restart");
  return calls.map((call) => {
    const isAmid = long.some(({ begun, ended }) => begun < call.ended && call.begun < ended);
    if (call.verb !== "status" || call.seen === null || !isAmid) return call;
    return { ...call, seen: { ...call.seen, isRunning: null } };
  });
}

function asTaskCall({ operation, begun, ended, code, answer }: Recorded, id: string): TaskCall[] {
  if (operation.kind !== "task" || operation.id !== id) return [];
  const { verb, name } = operation;
  const changed = typeof answer?.changed === "boolean" ? answer.changed : null;
  return [{ verb, name, begun, ended, code, changed, seen: code === 0 ? seenIn(answer) : null }];
}

/** The dossier, which has the name, is the first to go: what is being deleted, and says so, may have none. */
function seenIn(answer: Recorded["answer"]): TaskCall["seen"] {
  const name = answer?.name;
  if (typeof name !== "string") return null;
  const isHalfGone = answer?.deleting === true && name === "";
  return { name: isHalfGone ? null : name, isRunning: answer?.container_state === "running" };
}

function asHold({ operation, begun, ended, code, answer }: Recorded): HoldCall[] {
  if (operation.kind !== "acquire" && operation.kind !== "release") return [];
  const token = typeof answer?.token === "number" ? answer.token : null;
  return [{ kind: operation.kind, holder: operation.holder, begun, ended, code, token }];
}

function asKeyed({ operation, begun, ended, code, answer }: Recorded): KeyedCall[] {
  if (operation.kind !== "key") return [];
  return [{ key: operation.key, begun, ended, code, taskId: idIn(answer), op: textOf(answer?.op) }];
}

/** `task new` answers with the task, whose id is one of its fields. */
function idIn(answer: Recorded["answer"]): string | null {
  const task = answer?.task;
  if (typeof task === "object" && task !== null && "task_id" in task) return textOf(task.task_id);
  return textOf(answer?.task_id);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function wordCall({ verb, name, code, changed, seen, begun, ended }: TaskCall): string {
  const what = verb === "rename" ? `rename ${name}` : verb;
  const sight = seen === null
    ? ""
    : ` saw ${seen.name ?? "no name"} ${
      seen.isRunning === null ? "" : seen.isRunning ? "running" : "at rest"
    }`;
  return `${what} -> ${code} ${
    changed === true ? "changed" : changed === false ? "unchanged" : ""
  }${sight} ` +
    `[${begun.toFixed(0)}..${ended.toFixed(0)}]`;
}
