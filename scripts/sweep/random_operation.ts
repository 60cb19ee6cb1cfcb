/**
 * What a process of the concurrency run does next.
 *
 * @module
 */
import type { TaskVerb } from "./task_model.ts";

/** A task that all processes work on. */
export interface SharedTask {
  readonly project: string;
  readonly id: string;
}

/** One command line, and what it is about. */
export type Operation =
  | {
    readonly kind: "task";
    readonly verb: TaskVerb;
    readonly id: string;
    readonly name: string;
    readonly words: string[];
  }
  | { readonly kind: "key"; readonly key: string; readonly words: string[] }
  | { readonly kind: "acquire" | "release"; readonly holder: string; readonly words: string[] };

/** The limited resource that processes take and let go of, and how much there is. */
export const DESKS = { name: "desks", amount: 3 } as const;

/** How many of ten operations are about a task, and how many more are requests under a key. */
const [OF_TASKS, WITH_KEYS] = [7, 1];
/** So many processes make one request under one key. */
const ASKERS = 4;

const TASK_VERBS: readonly TaskVerb[] = [
  ...["status", "status", "rename", "rename", "stop", "start", "start"] as const,
  ...["restart", "delete", "restore", "restore"] as const,
];

/**
 * Numbers from 0 up to 1, the same ones for the same seed (mulberry32).
 *
 * @example
 * ```ts
 * import { newRandom } from "./random_operation.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(newRandom(1)(), newRandom(1)());
 * ```
 */
export function newRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The `index`-th operation of a history. `holders` are those that were not released so far; it is kept up to date. */
export function randomOperation(
  random: () => number,
  index: number,
  tasks: readonly SharedTask[],
  holders: string[],
): Operation {
  const kind = Math.floor(random() * 10);
  if (kind < OF_TASKS) return onTask(pick(random, TASK_VERBS), pick(random, tasks), `n${index}`);
  if (kind < OF_TASKS + WITH_KEYS) {
    const key = `k${Math.floor(index / (10 * ASKERS))}`;
    return {
      kind: "key",
      key,
      words: ["task", "new", "demo", "--name", key, "--idempotency-key", key, "--json"],
    };
  }
  const held = random() < 0.5 ? holders.shift() : undefined;
  if (held !== undefined) {
    return { kind: "release", holder: held, words: ["lock", "release", DESKS.name, "--as", held, "--json"] };
  }
  const holder = `h${index}`;
  holders.push(holder);
  return {
    kind: "acquire",
    holder,
    words: ["lock", "acquire", DESKS.name, "--as", holder, "--ttl", "1h", "--json"],
  };
}

function onTask(verb: TaskVerb, { project, id }: SharedTask, name: string): Operation {
  const address = `${project}/${id}`;
  const words = verb === "restore"
    ? ["archive", "restore", address, "--json"]
    : ["task", verb, address, ...(verb === "rename" ? [name] : []), "--json"];
  return { kind: "task", verb, id, name, words };
}

function pick<Each>(random: () => number, list: readonly Each[]): Each {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new RangeError("nothing to pick from");
  return chosen;
}
