import { assertEquals, assertMatch } from "@std/assert";
import { judgeHistory, type Recorded } from "../../scripts/sweep/history.ts";
import type { TaskVerb } from "../../scripts/sweep/task_model.ts";

const ID = "q7w2x";
const STATES = new Map([[ID, { isArchived: false, name: "a", isRunning: true }]]);

function record(
  verb: TaskVerb,
  [begun, ended]: readonly [number, number],
  code: number,
  answer: Recorded["answer"],
  name = "",
): Recorded {
  const operation = { kind: "task", verb, id: ID, name, words: ["task", verb] } as const;
  return { operation: { ...operation, words: [...operation.words] }, begun, ended, code, answer, text: "" };
}

function status(span: readonly [number, number], name: string, state: string): Recorded {
  return record("status", span, 0, { name, container_state: state });
}

Deno.test("judgeHistory() finds nothing wrong with what can have been one after the other", () => {
  const history = [
    record("rename", [0, 5], 0, { changed: true }, "b"),
    status([1, 2], "a", "running"),
    status([3, 4], "b", "running"),
    record("stop", [6, 7], 0, { changed: true }),
    status([8, 9], "b", "exited"),
  ];
  assertEquals(judgeHistory(history, STATES), { problems: [], undecided: 0 });
});

Deno.test("judgeHistory() lets what is being deleted, and says so, be without its name", () => {
  const look = (deleting: boolean) => [
    record("delete", [0, 5], 0, { changed: true }),
    record("status", [1, 2], 0, { name: "", deleting, container_state: null }),
  ];
  assertEquals(judgeHistory(look(true), STATES).problems, []);
  assertMatch(judgeHistory(look(false), STATES).problems.join(), /no order/);
});

Deno.test("judgeHistory() names a change that was lost, and a bug", () => {
  const lost = [
    record("rename", [0, 5], 0, { changed: true }, "b"),
    status([6, 7], "a", "running"),
  ];
  assertMatch(judgeHistory(lost, STATES).problems.join(), /no order of 2 calls on q7w2x/);
  const bug = [record("stop", [0, 1], 70, null)];
  assertMatch(judgeHistory(bug, STATES).problems[0] ?? "", /task stop exits 70/);
});

Deno.test("judgeHistory() lets a reader see a task at rest while it is being deleted, not before", () => {
  const deletion = record("delete", [5, 9], 0, { changed: true });
  assertEquals(judgeHistory([status([6, 7], "a", "exited"), deletion], STATES).problems, []);
  assertEquals(judgeHistory([status([1, 2], "a", "exited"), deletion], STATES).problems.length, 1);
});
