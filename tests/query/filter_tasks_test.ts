import { assertEquals } from "@std/assert";
import { filterTasks, type TaskFilter } from "../../core/query/filter_tasks.ts";
import type { TaskMeta } from "../../core/query/task_meta.ts";

const PLAIN: TaskMeta = {
  task_id: "g0000",
  project_id: "demo",
  name: "plain",
  mode: null,
  status: "created",
  container_state: null,
  container_name: null,
  exit_code: null,
  exit_reason: null,
  deleting: false,
  initialized: false,
  starting: false,
  workspace: "/w",
  web_port: null,
  web_token: null,
  created_at: null,
  ready_at: null,
  stopped_at: null,
  unrestricted: null,
  debug: false,
  agent: null,
  provider: null,
  preset: null,
  backend: null,
  work_status: null,
  work_message: null,
  shield_state: null,
  needs_human: false,
  labels: {},
  runtime: null,
  image: null,
  command: null,
  base_commit: null,
  restored_from: null,
};

function idsOf(tasks: readonly Partial<TaskMeta>[], filter: TaskFilter = {}): string[] {
  return filterTasks(tasks.map((task) => ({ ...PLAIN, ...task })), filter).map(({ task_id }) => task_id);
}

Deno.test("filterTasks() puts the newest first, and tasks without a time last by address", () => {
  const tasks = [
    { task_id: "z9zzz" },
    { task_id: "k1", created_at: "2026-01-02T00:00:00.000001+00:00" },
    { task_id: "k2", created_at: "2026-01-02T00:00:00+00:00" },
    { task_id: "k3", created_at: "2026-01-03T00:00:00+00:00" },
    { task_id: "a", project_id: "zoo" },
    { task_id: "g0000" },
  ];
  assertEquals(idsOf(tasks), ["k3", "k1", "k2", "g0000", "z9zzz", "a"]);
});

Deno.test("filterTasks() with several conditions wants all of them", () => {
  const tasks = [
    { task_id: "a", status: "running", mode: "run" },
    { task_id: "b", status: "running", mode: "cli" },
    { task_id: "c", status: "failed", mode: "run" },
  ] as const;
  assertEquals(idsOf(tasks, { status: "running" }), ["a", "b"]);
  assertEquals(idsOf(tasks, { mode: "run" }), ["a", "c"]);
  assertEquals(idsOf(tasks, { status: "running", mode: "run" }), ["a"]);
});

Deno.test("filterTasks() matches the agent, else the provider, else the preset", () => {
  const tasks = [
    { task_id: "a", agent: "x" },
    { task_id: "b", provider: "x" },
    { task_id: "c", preset: "x" },
    { task_id: "d", agent: "y", provider: "x" },
    { task_id: "e", provider: "y", preset: "x" },
    { task_id: "f" },
  ];
  assertEquals(idsOf(tasks, { agent: "x" }), ["a", "b", "c"]);
});

Deno.test("filterTasks() matches labels by key, and by value when one is given", () => {
  const tasks = [
    { task_id: "a", labels: { team: "web", tier: "" } },
    { task_id: "b", labels: { team: "core" } },
    { task_id: "c", labels: {} },
  ];
  assertEquals(idsOf(tasks, { label: [{ key: "team", value: null }] }), ["a", "b"]);
  assertEquals(idsOf(tasks, { label: [{ key: "team", value: "core" }] }), ["b"]);
  assertEquals(idsOf(tasks, { label: [{ key: "tier", value: "" }] }), ["a"]);
  assertEquals(idsOf(tasks, { label: [{ key: "team", value: null }, { key: "tier", value: null }] }), ["a"]);
  assertEquals(idsOf(tasks, { label: [{ key: "toString", value: null }] }), []);
});
