import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { parseTaskId } from "../../core/identity/task_id.ts";
import { toTaskFields, toTaskRecord } from "../../core/meta/task_record.ts";
import { anyValue } from "../yaml/any_yaml.ts";

const PLACE = { project: parseProjectId("orchard"), id: parseTaskId("q7m2x") };

const EMPTY = {
  project_id: PLACE.project,
  task_id: PLACE.id,
  name: null,
  mode: null,
  workspace: null,
  web_port: null,
  web_token: null,
  created_at: null,
  ready_at: null,
  initialized: false,
  stopped_at: null,
  unrestricted: null,
  debug: false,
  deleting: false,
  purging: false,
  agent: null,
  agent_session: null,
  agent_changed_at: null,
  provider: null,
  preset: null,
  backend: null,
  exit_code: null,
  exit_reason: null,
  hooks_fired: [],
  runtime: null,
  image: null,
  command: null,
  timeout: null,
  env_names: [],
  labels: {},
  base_commit: null,
  restored_from: null,
  op: null,
};

Deno.test("toTaskRecord() of an empty record knows whose it is and nothing else", () => {
  assertEquals(toTaskRecord({}, PLACE), EMPTY);
});

Deno.test("toTaskRecord() reads every key", () => {
  const map = {
    name: "prune-old-branches",
    mode: "run",
    workspace: "/srv/q7m2x",
    web_port: 8080,
    web_token: "secret",
    created_at: "2026-09-14T08:21:33.504117+00:00",
    ready_at: "2026-09-14T08:21:47.092260+00:00",
    stopped_at: "2026-09-14T09:00:00+00:00",
    unrestricted: false,
    debug: true,
    deleting: true,
    purging: true,
    agent: "codex",
    agent_session: "sha256:00",
    agent_changed_at: "2026-01-01T00:00:00.000000Z",
    provider: "other",
    preset: "fast",
    backend: "podman",
    exit_code: 137,
    exit_reason: "oom",
    hooks_fired: ["pre_start"],
    runtime: "podman",
    image: "localhost/dev",
    command: ["sh", "-c", "true"],
    timeout: 600,
    env_names: ["TOKEN"],
    labels: { team: "7" },
    base_commit: "7c93c6e",
    op: "0199",
  };
  assertEquals(toTaskRecord(map, PLACE), { ...EMPTY, ...map, exit_reason: "oom", initialized: true });
});

Deno.test("toTaskRecord() takes the presence of ready_at for initialized", () => {
  assertEquals(toTaskRecord({ ready_at: null }, PLACE), { ...EMPTY, initialized: true });
  assertEquals(toTaskRecord({ ready_at: false }, PLACE), { ...EMPTY, initialized: true });
});

Deno.test("toTaskRecord() goes by the place, whatever the record claims", () => {
  for (const project of ["project_id", "project_name"]) {
    assertEquals(toTaskRecord({ [project]: "other", task_id: "k3v8h" }, PLACE), EMPTY);
  }
});

Deno.test("toTaskRecord() takes wrong types for absent", () => {
  const map = {
    name: 7,
    mode: "",
    web_port: "8080",
    unrestricted: "yes",
    debug: "true",
    deleting: 1,
    exit_code: 1.5,
    exit_reason: "boredom",
    hooks_fired: "pre_start",
    command: ["sh", 1],
    timeout: "10m",
    env_names: { A: "b" },
    labels: ["x"],
  };
  assertEquals(toTaskRecord(map, PLACE), EMPTY);
  assertEquals(toTaskFields({ labels: { a: "b", c: 7 } }).labels, { a: "b" });
});

Deno.test("toTaskFields() never throws, and answers the same keys for any record", () => {
  const keys = Object.keys(toTaskFields({}));
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...keys), anyValue), (map) => {
    assertEquals(Object.keys(toTaskFields(map)), keys);
  }));
});
