import { assertEquals } from "@std/assert";
import { effectiveStatus, TASK_STATUSES, type TaskState } from "../../core/query/effective_status.ts";
import { parseStatusWord } from "../../core/query/parse_status_word.ts";

/** The decision table of the reference, first match; null = does not matter. Exit: `0`, `other` or `none`. */
const TABLE: readonly [
  deleting: boolean | null,
  container: "running" | "other" | "none" | null,
  initialized: boolean | null,
  starting: boolean | null,
  exit: "0" | "other" | "none" | null,
  status: string,
][] = [
  [true, null, null, null, null, "deleting"],
  [null, "running", true, null, null, "running"],
  [null, "running", false, null, null, "init"],
  [null, "other", null, null, "0", "completed"],
  [null, "other", null, null, "other", "failed"],
  [null, "other", null, null, "none", "stopped"],
  [null, "none", null, true, null, "starting"],
  [null, "none", false, false, null, "created"],
  [null, "none", true, false, "0", "completed"],
  [null, "none", true, false, "other", "failed"],
  [null, "none", true, false, "none", "not found"],
];

const CONTAINER_STATES = [
  null,
  "running",
  "created",
  "configured",
  "initialized",
  "paused",
  "stopping",
  "stopped",
  "exited",
  "removing",
  "a word of tomorrow",
];

function expected(state: TaskState): string | undefined {
  const container = state.container_state === null
    ? "none"
    : state.container_state === "running"
    ? "running"
    : "other";
  const exit = state.exit_code === null ? "none" : state.exit_code === 0 ? "0" : "other";
  const facts = [state.deleting, container, state.initialized, state.starting, exit];
  return TABLE.find((row) => facts.every((fact, index) => row[index] === null || row[index] === fact))?.[5];
}

Deno.test("effectiveStatus() follows the decision table for every combination of facts", () => {
  const seen = new Set<string>();
  for (const container_state of CONTAINER_STATES) {
    for (const exit_code of [null, 0, 1, 137, 255, -1]) {
      for (let bits = 0; bits < 8; bits++) {
        const [deleting, initialized, starting] = [1, 2, 4].map((bit) => (bits & bit) !== 0);
        const state = {
          container_state,
          exit_code,
          deleting: deleting === true,
          initialized: initialized === true,
          starting: starting === true,
        };
        assertEquals<string | undefined>(effectiveStatus(state), expected(state), JSON.stringify(state));
        seen.add(effectiveStatus(state));
      }
    }
  }
  assertEquals([...seen].sort(), [...TASK_STATUSES].sort());
});

Deno.test("parseStatusWord() takes every status word, with or without its blank", () => {
  for (const word of [...TASK_STATUSES, "unknown"]) {
    assertEquals<string>(parseStatusWord(word), word);
    assertEquals<string>(parseStatusWord(word.replace(" ", "-")), word);
  }
});
