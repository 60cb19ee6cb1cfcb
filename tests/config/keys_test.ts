/** Tests of what each key accepts. @module */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { CONFIG_KEY_NAMES, type ConfigKey, keyRule, keyVariable } from "../../core/config/keys.ts";
import { REFERENCE_KEYS } from "../../core/config/reference_keys.ts";
import { AppError } from "../../core/error.ts";
import { openConfig } from "./open_config.ts";

/** YAML of a value, and what it becomes; keys that are only allowed in config.yml are read from there. */
const ACCEPTED: Partial<Record<ConfigKey, [string, unknown][]>> = {
  "paths.root": [["/srv/carrel/", "/srv/carrel"]],
  "project.description": [["'Fix: it'", "Fix: it"], ["|\n  a\n  b", "a\nb\n"], ["1.0", "1.0"]],
  "git.upstream_url": [["git@h:x/y.git", "git@h:x/y.git"], ["/srv/x", "/srv/x"]],
  "git.default_branch": [["main", "main"], ["feature/a-b", "feature/a-b"], ["1.10", "1.10"]],
  "tasks.root": [["/srv/tasks", "/srv/tasks"]],
  "tasks.name_categories": [["plants", ["plants"]], ["[plants, math]", ["plants", "math"]]],
  "run.runtime": [["fake", "fake"], ["my-runtime", "my-runtime"]],
  "run.image": [["debian:12", "debian:12"], ["localhost/a/b@sha256:00", "localhost/a/b@sha256:00"], [
    "1.10",
    "1.10",
  ]],
  "run.pull": [["missing", "missing"], ["newer", "newer"]],
  "run.command": [
    ["make test", ["sh", "-c", "make test"]],
    ["[sleep, 10]", ["sleep", "10"]],
    ["['']", [""]],
  ],
  "run.env": [
    ["{A: b, N: 8080, V: 1.10, M: 0755, T: true, X: null, E: ''}", {
      A: "b",
      N: "8080",
      V: "1.10",
      M: "0755",
      T: "true",
      X: null,
      E: "",
    }],
    ["{A: 'null'}", { A: "null" }],
    ['{A: "a\\nb"}', { A: "a\nb" }],
  ],
  "run.user": [["1000", "1000"], ["dev:users", "dev:users"], ["'0:0'", "0:0"]],
  "run.workdir": [["/workspace/x", "/workspace/x"]],
  "run.network": [["none", "none"], ["slirp4netns:port_handler=x", "slirp4netns:port_handler=x"]],
  "run.memory": [["4g", "4g"], ["512", "512"], ["1.5GiB", "1.5GiB"], ["' 512m '", "512m"]],
  "run.cpus": [["2", "2"], ["1.50", "1.50"], ["'0.5'", "0.5"]],
  "run.pids": [["100", 100], ["-1", -1]],
  "run.mounts": [["[/a:/b:ro]", [{ source: "/a", target: "/b", readOnly: true }]]],
  "run.fake": [
    ["{exit_code: 3, duration_ms: 0.5, fail_on: stop}", { exit_code: 3, duration_ms: 0.5, fail_on: "stop" }],
    ["{fail_on: [start, logs], files: {a/b: c}}", { fail_on: ["start", "logs"], files: { "a/b": "c" } }],
    ["{exec: [{argv: [a], exit_code: 1, stdout: x}]}", {
      exec: [{ argv: ["a"], exit_code: 1, stdout: "x" }],
    }],
  ],
  "run.podman_args": [["[--shm-size, 64m]", ["--shm-size=64m"]], ["[--oom-score-adj, 500]", [
    "--oom-score-adj=500",
  ]]],
  "run.timeout": [["90", 90], ["30m", 1800], ["1h30m", 5400], ["0", null]],
  "run.shutdown_timeout": [["0", 0], ["30", 30], ["2m", 120]],
  "run.resources": [["{slots: 2, memory: 4g, gpu-a: 0.5}", { slots: 2, memory: 2 ** 32, "gpu-a": 0.5 }]],
  "run.retries.max": [["3", 3]],
  "run.retries.backoff": [["5", 5], ["2m", 120]],
  "run.agent": [["claude", "claude"]],
  "run.escalations.max": [["0", 0], ["12", 12]],
  "run.escalations.window": [["90", 90], ["1d", 86_400]],
  "run.unrestricted": [["false", false], ["true", true]],
  "run.web.command": [["[serve]", ["serve"]]],
  "run.web.port": [["3000", 3000]],
  "hooks.pre_start": [["notify-send a", "notify-send a"]],
  "shared_dir": [["true", true], ["false", false], ["/srv/shared", "/srv/shared"]],
  "storage.min_free": [["5G", 5 * 2 ** 30], ["0", null]],
  "storage.project_budget": [["100G", 100 * 2 ** 30], ["0", null]],
  "archive.keep_for": [["14d", 14 * 86_400], ["0", null]],
  "state.keep_for": [["90d", 90 * 86_400], ["7d", 7 * 86_400], ["0", null]],
  "logs.max_bytes": [["4096", 4096], ["10M", 10_485_760], ["0", null]],
  "limits": [["{slots: 4, memory: 16G, licence: 1}", { slots: 4, memory: 2 ** 34, licence: 1 }]],
  "runtime.podman.connection": [["far-host", "far-host"]],
  "agents": [["{claude: {label: Claude Code}, codex: {}}", { claude: { label: "Claude Code" }, codex: {} }]],
};

/** YAML of values that the key refuses. */
const REFUSED: Partial<Record<ConfigKey, string[]>> = {
  "paths.root": ["data", "~/data", "[/a]", "{a: b}"],
  "project.name": ["other", "[demo]"],
  "project.description": ["[a]", "{a: b}"],
  "git.upstream_url": ["'--x'", "'ext::x'", "repo", "[a]"],
  "git.default_branch": ["-x", "a b", "a..b", "'a:b'", "'a^'", "a.lock", "/a", "a/", "a//b", "'a@{1}'"],
  "tasks.root": ["tasks"],
  "tasks.name_categories": ["{a: b}", "[[a]]"],
  "run.runtime": ["crun", "krun", "Podman", "/bin/x", "a b"],
  "run.image": ["-x", "a b", "[a]"],
  "run.pull": ["sometimes", "Always", "true"],
  "run.command": ["{a: b}", "[[a]]", "[{}]", "[a, null]"],
  "run.env": [
    "[A=b]",
    "A=b",
    "{1A: x}",
    "{a-b: x}",
    "{'': x}",
    "{A: [x]}",
    "{A: {}}",
    '{A: "\\0"}',
    "{A=B: x}",
  ],
  "run.user": ["-x", "a:b:c", "a b", "':1'"],
  "run.workdir": ["workspace"],
  "run.network": ["-x", "a b"],
  "run.memory": ["lots", "-1", "1x", "4 g", "true", "[4g]"],
  "run.cpus": ["0", "-1", "many", "1,5", "[1]"],
  "run.pids": ["0", "-2", "1.5", "many", "true", "'100'"],
  "run.mounts": ["/a:/b", "['~/a:/b']", "[a:/b]", "['/a:/workspace']", "['/a:/b:z']", "[1]", "[{a: b}]"],
  "run.fake": [
    "5",
    "[a]",
    "{exit_code: 256}",
    "{exit_code: x}",
    "{fail_on: fly}",
    "{exec: [{}]}",
    "{files: [a]}",
  ],
  "run.podman_args": ["--init", "[--privileged]", "[alpine]", "[--name=x]", "[[--init]]"],
  "run.timeout": ["5x", "-1", "0.5", "500ms", "366d", "[5]"],
  "run.shutdown_timeout": ["soon", "25h", "-5"],
  "run.resources": [
    "5",
    "[slots]",
    "{slots: -1}",
    "{slots: many}",
    "{Slots: 1}",
    "{'port:1': 1}",
    "{slots: true}",
  ],
  "run.retries.max": ["-1", "1.5", "101", "many"],
  "run.retries.backoff": ["soon", "0.5", "25h"],
  "run.agent": ["../x", "Claude", "a b"],
  "run.escalations.max": ["-1", "1.5", "'3'", "1001", "many"],
  "run.escalations.window": ["soon", "-1", "0.5", "366d"],
  "run.unrestricted": ["'true'", "1", "maybe"],
  "run.web.port": ["0", "65536", "http", "80.5"],
  "hooks.pre_start": ["[a]", '"\\0"'],
  "shared_dir": ["shared", "~/x", "[a]", "1"],
  "storage.min_free": ["-1", "much"],
  "storage.project_budget": ["-1", "much"],
  "archive.keep_for": ["soon", "-1"],
  "state.keep_for": ["soon", "-1", "6d"],
  "logs.max_bytes": ["-1", "1.5", "lots", "[1]"],
  "runtime.podman.connection": ["-x", "a b"],
  "limits": ["4", "{slots: -1}", "{slots: x}", "{a b: 1}"],
  "agents": [
    "[claude]",
    "{Claude: {}}",
    "{claude: Claude}",
    "{claude: {colour: red}}",
    "{claude: {label: [a]}}",
  ],
};

/** A file that gives one key a value, in the file where the key belongs. */
async function configWith(key: ConfigKey, yaml: string) {
  const parts = key.split(".");
  const lines = parts.map((part, depth) => `${"  ".repeat(depth)}${part}:`);
  const text = `${lines.join("\n")} ${yaml.replaceAll("\n", `\n${"  ".repeat(parts.length)}`)}\n`;
  return await openConfig(keyRule(key).scopes.includes("project") ? { project: text } : { user: text });
}

Deno.test("CONFIG_KEYS accept what they should", async () => {
  for (const key of CONFIG_KEY_NAMES) {
    for (const [yaml, value] of ACCEPTED[key] ?? []) {
      const config = await configWith(key, yaml);
      assertEquals<unknown>(config.get(key), value, `${key}: ${yaml}`);
      assertEquals(config.problems, []);
    }
  }
});

Deno.test("CONFIG_KEYS refuse what they should, naming key and line", async () => {
  for (const key of CONFIG_KEY_NAMES) {
    for (const yaml of REFUSED[key] ?? []) {
      const config = await configWith(key, yaml);
      const error = assertThrows(() => config.get(key), AppError, undefined, `${key}: ${yaml}`);
      assertEquals(error.code, "invalid_config");
      assert(String(error.details["key"]).startsWith(key), `${key}: ${yaml}: ${error.message}`);
      assertEquals(error.details["line"], key.split(".").length);
      assertEquals(config.problems, [error]);
    }
  }
});

Deno.test("the tables above leave no key out", () => {
  const alike: Record<string, string> = { "run.toad": "run.web", "hooks.post": "hooks.pre" };
  for (const key of CONFIG_KEY_NAMES) {
    if (Object.keys(alike).some((prefix) => key.startsWith(prefix))) continue;
    assert(key === "project.name" || ACCEPTED[key] !== undefined, key);
    assert(key === "run.web.command" || REFUSED[key] !== undefined, key);
  }
});

Deno.test("CONFIG_KEYS have a default that is of their kind, a summary and a file", () => {
  for (const key of CONFIG_KEY_NAMES) {
    const rule = keyRule(key);
    assert(rule.summary.length > 10 && !rule.summary.endsWith("."), key);
    assert(rule.scopes.length > 0, key);
    if (rule.default !== null) assertEquals(rule.schema.safeParse(rule.default).success, true, key);
  }
});

Deno.test("keyVariable() names each key's variable once", () => {
  assertEquals(keyVariable("run.image"), "CARREL_RUN_IMAGE");
  assertEquals(keyVariable("paths.root"), "CARREL_ROOT");
  assertEquals(keyVariable("shared_dir"), "CARREL_SHARED_DIR");
  assertEquals(keyVariable("project.name"), null);
  const variables = CONFIG_KEY_NAMES.flatMap((key) => keyVariable(key) ?? []);
  assertEquals(new Set(variables).size, variables.length);
});

Deno.test("CONFIG_KEYS and REFERENCE_KEYS do not overlap, and replacements exist", () => {
  for (const [key, instead] of REFERENCE_KEYS) {
    assert(!CONFIG_KEY_NAMES.some((ours) => ours === key || ours.startsWith(`${key}.`)), key);
    assert(instead === null || CONFIG_KEY_NAMES.some((ours) => ours === instead), key);
  }
});
