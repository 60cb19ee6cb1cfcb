/** Tests of layers, origins and isolation. @module */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Config, loadConfig } from "../../core/config/config.ts";
import { CONFIG_KEY_NAMES } from "../../core/config/keys.ts";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { openConfig, PATHS, type TestLayers } from "./open_config.ts";

/** The layers from highest to lowest, each saying its own name as `run.image`. */
const SAYS = {
  flag: { flags: { "run.image": { value: "flag", flag: "--image" } } },
  environment: { env: { CARREL_RUN_IMAGE: "environment" } },
  project: { project: "run:\n  image: project\n" },
  user: { user: "# mine\nrun:\n  image: user\n" },
  system: { system: "run: {image: system}\n" },
} as const satisfies Record<string, TestLayers>;

type Kind = keyof typeof SAYS;
const KINDS: readonly Kind[] = ["flag", "environment", "project", "user", "system"];

const WHERE: Readonly<Record<Kind, { where: string; line: number | null }>> = {
  flag: { where: "--image", line: null },
  environment: { where: "CARREL_RUN_IMAGE", line: null },
  project: { where: PATHS.project, line: 2 },
  user: { where: PATHS.user, line: 3 },
  system: { where: PATHS.system, line: 1 },
};

function problemsOf(config: Config): unknown[] {
  return config.problems.map(({ details }) => details);
}

Deno.test("loadConfig() gives the higher of any two layers", async () => {
  for (const [rank, high] of KINDS.entries()) {
    for (const low of KINDS.slice(rank)) {
      const config = await openConfig({ ...SAYS[low], ...SAYS[high] });
      assertEquals(config.get("run.image"), high, `${high} over ${low}`);
      const { kind, where, line } = config.origin("run.image");
      assertEquals({ kind, where, line }, { kind: high, ...WHERE[high] });
    }
  }
});

Deno.test("loadConfig() gives the default when no layer says anything", async () => {
  const config = await openConfig({});
  assertEquals(config.get("run.image"), null);
  assertEquals(config.get("run.shutdown_timeout"), 10);
  assertEquals(config.get("run.pull"), "never");
  assertEquals(config.get("run.unrestricted"), true);
  assertEquals(config.origin("run.pull"), { kind: "default", where: "default", line: null });
  assertEquals([config.problems, config.warnings], [[], []]);
  for (const section of ["run", "git", "paths", "project"]) config.requireSound(section);
});

Deno.test("loadConfig() reads blanks, nulls and empty sections as not set", async () => {
  const config = await openConfig({
    env: { CARREL_RUN_IMAGE: "", CARREL_ROOT: " " },
    project: "run:\n  image:\n  memory: ''\n  timeout: ~\nhooks:\ntasks:\n  name_categories: []\n",
    user: "run:\n  image: mine\n  memory: 1g\ntasks: {name_categories: plants}\n",
  });
  assertEquals(config.get("run.image"), "mine");
  assertEquals(config.get("run.memory"), "1g");
  assertEquals(config.get("tasks.name_categories"), ["plants"]);
  assertEquals(config.get("paths.root"), null);
  assertEquals(config.problems, []);
});

Deno.test("loadConfig() lets an empty list or map win where lists and maps are values", async () => {
  const config = await openConfig({
    project: "run:\n  podman_args: []\n  env: {}\n",
    user: "run:\n  podman_args: [--init]\n  env: {A: b}\n",
  });
  assertEquals(config.get("run.podman_args"), []);
  assertEquals(config.get("run.env"), {});
});

Deno.test("loadConfig() takes lists and maps from the environment as YAML or JSON, scalars as they are", async () => {
  const config = await openConfig({
    env: {
      CARREL_RUN_COMMAND: '["make", "test"]',
      CARREL_RUN_ENV: '{"A": "1", "B": 2, "C": null}',
      CARREL_RUN_MOUNTS: "[/srv/a:/a]",
      CARREL_RUN_PODMAN_ARGS: "- --init\n- --shm-size=1g\n",
      CARREL_RUN_IMAGE: "1.10",
      CARREL_RUN_PIDS: "100",
      CARREL_RUN_UNRESTRICTED: "false",
      CARREL_RUN_TIMEOUT: "30m",
      CARREL_SHARED_DIR: "true",
      CARREL_LOGS_MAX_BYTES: "10M",
      CARREL_ROOT: "/r",
      CARREL_RUNTIME_PODMAN_CONNECTION: "far",
      CARREL_RUN_FAKE: "{exit_code: 3, stdout: hello}",
    },
  });
  assertEquals(config.problems, []);
  assertEquals(config.get("run.command"), ["make", "test"]);
  assertEquals(config.get("run.env"), { A: "1", B: "2", C: null });
  assertEquals(config.get("run.mounts"), [{ source: "/srv/a", target: "/a", readOnly: false }]);
  assertEquals(config.get("run.podman_args"), ["--init", "--shm-size=1g"]);
  assertEquals(config.get("run.image"), "1.10");
  assertEquals(config.get("run.pids"), 100);
  assertEquals(config.get("run.unrestricted"), false);
  assertEquals(config.get("run.timeout"), 1800);
  assertEquals(config.get("shared_dir"), true);
  assertEquals(config.get("logs.max_bytes"), 10 * 1024 * 1024);
  assertEquals(config.get("paths.root"), "/r");
  assertEquals(config.get("runtime.podman.connection"), "far");
  assertEquals(config.get("run.fake"), { exit_code: 3, stdout: "hello" });
});

Deno.test("loadConfig() takes a command line from the environment whole", async () => {
  for (const text of ["make test # all", "echo a: b", "[ -f x ] && y", "true", "~/bin/x"]) {
    const config = await openConfig({ env: { CARREL_RUN_COMMAND: text } });
    assertEquals(config.get("run.command"), ["sh", "-c", text]);
  }
});

Deno.test("loadConfig() names file, line, key and the nearest key of an unknown one", async () => {
  const config = await openConfig({
    project:
      "run:\n  # typo\n  imgae: x\n  fake:\n    stdout: x\n    exit_cod: 1\nrnu: {}\nmemory: 1g\nrun.cpus: 2\n",
  });
  const file = PATHS.project;
  assertEquals(problemsOf(config), [
    { file, line: 3, key: "run.imgae", nearest: "run.image" },
    { file, line: 6, key: "run.fake.exit_cod", nearest: "run.fake.exit_code" },
    { file, line: 7, key: "rnu", nearest: null },
    { file, line: 8, key: "memory", nearest: "run.memory" },
    { file, line: 9, key: "run.cpus", nearest: "run.cpus" },
  ]);
  const [first] = config.problems;
  assertEquals(
    [first?.code, first?.message, first?.hint],
    ["invalid_config", `${file}:3: run.imgae: unknown key`, "did you mean run.image"],
  );
});

Deno.test("requireSound() throws for the section of an unknown key only, get() not at all", async () => {
  const config = await openConfig({
    project: "run:\n  image: x\n  imgae: y\ngit:\n  default_branch: main\n",
  });
  assertThrows(() => config.requireSound("run"), AppError, "run.imgae: unknown key");
  config.requireSound("git");
  assertEquals([config.get("run.image"), config.get("git.default_branch")], ["x", "main"]);
});

Deno.test("requireSound() counts a misspelt section as the one that was meant", async () => {
  const config = await openConfig({ project: "runs:\n  image: x\nquux: 1\n" });
  assertThrows(() => config.requireSound("run"), AppError, "runs: unknown key");
  config.requireSound("git");
  assertEquals(config.problems.length, 2);
});

Deno.test("a wrong value spoils its key alone, and not under a higher right one", async () => {
  const project = "run:\n  pids: many\n  memory: 1g\n";
  const config = await openConfig({ project, user: "run: {pids: 5}\n" });
  assertThrows(
    () => config.get("run.pids"),
    AppError,
    `${PATHS.project}:2: run.pids: must be a whole number`,
  );
  assertEquals(config.getOrDefault("run.pids"), null);
  assertEquals(config.get("run.memory"), "1g");
  assertThrows(() => config.requireSound("run"), AppError, "run.pids");

  const overridden = await openConfig({ project, env: { CARREL_RUN_PIDS: "7" } });
  assertEquals([overridden.get("run.pids"), overridden.problems.length], [7, 1]);

  const wrongAbove = await openConfig({ project: "run: {pids: 5}\n", env: { CARREL_RUN_PIDS: "x" } });
  assertThrows(() => wrongAbove.get("run.pids"), AppError, "CARREL_RUN_PIDS: run.pids: must be");
  assertEquals(problemsOf(wrongAbove), [{ file: null, line: null, key: "run.pids", nearest: null }]);
});

Deno.test("a file that is not YAML spoils every key that it may hold and no higher layer gives", async () => {
  const config = await openConfig({
    flags: { "run.image": { value: "x", flag: "--image" } },
    project: "run:\n  image: [x\n",
    user: "run: {memory: 1g}\npaths: {root: /r}\n",
  });
  assertEquals(config.get("run.image"), "x");
  assertThrows(() => config.get("run.memory"), AppError, PATHS.project);
  assertThrows(() => config.get("run.pids"), AppError, "the file is not usable");
  assertEquals(config.getOrDefault("run.shutdown_timeout"), 10);
  // A project.yml cannot hold it, so a broken one says nothing of it.
  assertEquals(config.get("paths.root"), "/r");
  for (const section of ["run", "git", "paths"]) {
    assertThrows(() => config.requireSound(section), AppError, PATHS.project);
  }
  assertEquals(problemsOf(config), [{ file: PATHS.project, line: 3, key: null, nearest: null }]);
});

Deno.test("a broken lower file spoils only what no higher layer gives", async () => {
  const config = await openConfig({ project: "run: {image: x}\n", system: "run: [\n" });
  assertEquals(config.get("run.image"), "x");
  assertThrows(() => config.get("run.memory"), AppError, PATHS.system);
});

Deno.test("paths.root is never silently the default", async () => {
  for (
    const user of [
      "a: [",
      "paths: /data",
      "paths:\n  rooot: /data",
      "path:\n  root: /data",
      "paths: {root: data}",
    ]
  ) {
    const config = await openConfig({ user });
    assertThrows(() => config.get("paths.root"), AppError, PATHS.user);
    assertThrows(() => config.getOrDefault("paths.root"), AppError, PATHS.user);
    const given = await openConfig({ user, env: { CARREL_ROOT: "/r" } });
    assertEquals(given.get("paths.root"), "/r");
  }
  const sound = await openConfig({ user: "paths: {root: /data, build_dir: /b}\nrun: {x: 1}\n" });
  assertEquals(sound.get("paths.root"), "/data");
});

Deno.test("a section that is no map spoils its keys", async () => {
  const config = await openConfig({
    project: "run: 5\ngit: {default_branch: main}\n",
    user: "run: {image: x}\n",
  });
  assertThrows(() => config.get("run.image"), AppError, `${PATHS.project}:1: run: must be a map of keys`);
  assertThrows(() => config.get("run.web.port"), AppError, "run: must be");
  assertEquals(config.get("git.default_branch"), "main");
  assertEquals(config.problems.length, 1);
});

Deno.test("files that cannot be used at all are one problem each", async () => {
  const cases: [string, string][] = [
    ["- a\n- b\n", "must be a map of keys"],
    ["a: " + "x".repeat(1024 * 1024), "larger than 1 MiB"],
    ["a: &a [*a]\n", "nested deeper"],
    ["a: 1\na: 2\n", "duplicated key"],
    ["a: 1\n--- \nb: 2\n", "single document"],
  ];
  for (const [project, reason] of cases) {
    const config = await openConfig({ project });
    assertEquals(config.problems.length, 1, reason);
    assertStringIncludes(config.problems[0]?.message ?? "", reason);
    assertThrows(() => config.get("run.image"), AppError, PATHS.project);
  }
});

Deno.test("a file that cannot be read or is not UTF-8 is a problem, one that is missing is not", async () => {
  const host = newMemoryHost({ files: { "/c/user/x": "" } });
  await host.files.create("/c/system.yml", new Uint8Array([0x61, 0x3a, 0x20, 0xff]), { mode: 0o600 });
  const config = await loadConfig(host, {
    // A directory stands for every failure but absence.
    paths: { userConfig: "/c/user", systemConfig: "/c/system.yml", projectConfig: () => "/none" },
  });
  assertEquals(config.problems.map(({ details }) => details["file"]), ["/c/user", "/c/system.yml"]);
  assertStringIncludes(config.problems[1]?.message ?? "", "not valid UTF-8");
});

Deno.test("a key in the wrong file is a problem and has no effect", async () => {
  const config = await openConfig({
    project: "paths:\n  root: /x\nagents: {claude: {label: Claude}}\n",
    user: "git:\n  upstream_url: /srv/git\n",
  });
  assertEquals([config.get("paths.root"), config.get("agents"), config.get("git.upstream_url")], [
    null,
    {},
    null,
  ]);
  assertEquals(config.problems.map(({ message }) => message), [
    `${PATHS.project}:2: paths.root: belongs in config.yml`,
    `${PATHS.project}:3: agents: belongs in config.yml`,
    `${PATHS.user}:2: git.upstream_url: belongs in project.yml`,
  ]);
});

Deno.test("project.name must be the directory's", async () => {
  const right = await openConfig({ project: "project: {name: demo, description: A b}\n" });
  assertEquals([right.get("project.name"), right.problems], ["demo", []]);
  const wrong = await openConfig({ project: "project:\n  name: other\nrun: {image: x}\n" });
  assertThrows(() => wrong.get("project.name"), AppError, `${PATHS.project}:2: project.name: must be demo`);
  assertThrows(() => wrong.requireSound("project"), AppError, "must be demo");
  assertEquals(wrong.get("run.image"), "x");
});

Deno.test("keys of the reference are one warning each, with what to write instead", async () => {
  const config = await openConfig({
    project:
      "run:\n  gpus: all\n  hooks: {pre_start: x}\nshield:\n  sets: []\nagent: {model: x, anything: [1]}\n",
    user: "default_agent: claude\ntui:\n",
  });
  assertEquals(config.problems, []);
  assertEquals(config.warnings, [
    `${PATHS.project}:2: carrel does not use run.gpus`,
    `${PATHS.project}:3: carrel does not use run.hooks.pre_start; write hooks.pre_start`,
    `${PATHS.project}:5: carrel does not use shield.sets`,
    `${PATHS.project}:6: carrel does not use agent`,
    `${PATHS.user}:1: carrel does not use default_agent; write run.agent`,
  ]);
  const unknown = await openConfig({ project: "shield:\n  set: []\n" });
  assertEquals(problemsOf(unknown), [{ file: PATHS.project, line: 2, key: "shield.set", nearest: null }]);
});

Deno.test("unknown CARREL_ variables are warned of, known ones and others not", async () => {
  const config = await openConfig({
    env: {
      CARREL_RUN_IMGAE: "x",
      CARREL_ZEBRA: "x",
      CARREL_JSON: "1",
      CARREL_LOCK_TIMEOUT: "1",
      CARREL_CONFIG_DIR: "/c",
      CARREL_HOOK: "pre_start",
      CARREL_HOOK_TASK_ID: "x",
      CARREL_WORKSPACE: "/workspace",
      CARREL_TASKS_ROOT: "/x",
      OTHER: "x",
    },
  });
  assertEquals(config.problems, []);
  assertEquals(config.warnings.map((text) => text.split(" ")[2]), [
    "CARREL_RUN_IMGAE",
    "CARREL_TASKS_ROOT",
    "CARREL_ZEBRA",
  ]);
  assertStringIncludes(config.warnings[0] ?? "", "did you mean CARREL_RUN_IMAGE");
});

Deno.test("keys that objects have by nature are unknown keys", async () => {
  const config = await openConfig({
    project: "__proto__:\n  image: x\nconstructor: 1\nrun:\n  toString: 1\n",
  });
  assertEquals(config.problems.map(({ details }) => details["key"]), [
    "__proto__",
    "constructor",
    "run.toString",
  ]);
  assertEquals(config.get("run.image"), null);
});

Deno.test("explain() lists every layer that says something, winner first, default last", async () => {
  const config = await openConfig({ ...SAYS.environment, ...SAYS.user, project: "run:\n  image: -x\n" });
  const explanation = config.explain("run.image");
  assertEquals(
    explanation.layers.map(({ origin, value, valid }) => [origin.kind, value, valid]),
    [["environment", "environment", true], ["project", "-x", false], ["user", "user", true], [
      "default",
      null,
      true,
    ]],
  );
  assertEquals([explanation.value, explanation.problem, explanation.default], ["environment", null, null]);
  assert(explanation.summary.length > 0);

  const broken = await openConfig({ ...SAYS.user, project: "run: [\n" });
  const { value, problem, layers } = broken.explain("run.image");
  assertEquals([value, problem?.details["file"]], [null, PATHS.project]);
  assertEquals(layers.map(({ origin, valid }) => [origin.kind, valid]), [
    ["project", false],
    ["user", true],
    ["default", true],
  ]);
});

Deno.test("explain().layers[0] is what get() answers, for any layers and keys", async () => {
  const file = fc.constantFrom(
    undefined,
    "",
    "run: [\n",
    "run:\n  image: a\n  pids: 3\n  env: {A: 1}\npaths: {root: /p}\n",
    "run:\n  image: -bad\n  pids: x\n  timeout: 5m\nshared_dir: true\n",
    "run: 5\npaths: {rot: /x}\nlogs: {max_bytes: 1k}\n",
  );
  const env = fc.record({
    CARREL_RUN_IMAGE: fc.constantFrom("", "e", "-bad"),
    CARREL_RUN_PIDS: fc.constantFrom("", "9", "x"),
    CARREL_RUN_ENV: fc.constantFrom("", "{B: 2}", "B"),
  }, { requiredKeys: [] });
  await fc.assert(fc.asyncProperty(file, file, file, env, async (project, user, system, variables) => {
    const config = await openConfig({
      env: variables,
      ...(project === undefined ? {} : { project }),
      ...(user === undefined ? {} : { user }),
      ...(system === undefined ? {} : { system }),
    });
    for (const key of CONFIG_KEY_NAMES) {
      const explanation = config.explain(key);
      const [winner] = explanation.layers;
      assertEquals(winner?.origin, config.origin(key));
      if (winner?.valid === true) {
        assertEquals<unknown>(config.get(key), winner.value);
        assertEquals<unknown>(config.getOrDefault(key), winner.value);
      } else {
        const error = assertThrows(() => config.get(key), AppError);
        assertEquals(error, explanation.problem ?? undefined);
        assert(config.problems.includes(error));
      }
    }
  }));
});
