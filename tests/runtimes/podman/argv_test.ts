/**
 * The argv of `podman create`, element by element.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../../core/error.ts";
import type { ContainerSpec } from "../../../core/port/runtime.ts";
import {
  createArgv,
  type CreateFacts,
  dependsOnLists,
  needsImageDetails,
} from "../../../runtimes/podman/argv.ts";
import { newTestSpec } from "../../support/test_spec.ts";

const FACTS: CreateFacts = {
  keepId: null,
  hasInit: false,
  image: null,
  pull: "never",
  envNames: [],
  envFile: null,
  splitsLists: true,
};
const IMAGE = { user: "", entrypoint: ["/entry", "--go"], command: ["serve", "-x"] };

function spec(overrides: Partial<ContainerSpec> = {}): ContainerSpec {
  return newTestSpec("demo-run-q7m2x", "/srv", { image: "localhost/dev", mounts: [], ...overrides });
}

/** The words after a flag, in order. */
function valuesOf(argv: readonly string[], flag: string): string[] {
  const options = argv.slice(0, argv.indexOf("--"));
  return options.filter((_, index) => options[index - 1] === flag);
}

/** What stands behind `--entrypoint` and after the image. */
function commandOf(argv: readonly string[]): { entrypoint: unknown; args: string[] } {
  const [entrypoint] = valuesOf(argv, "--entrypoint");
  const args = argv.slice(argv.indexOf("--") + 2);
  return { entrypoint: entrypoint === undefined ? null : JSON.parse(entrypoint), args };
}

Deno.test("createArgv() writes everything in the documented order", () => {
  const everything = spec({
    command: ["npm", "test", "--", "-x"],
    labels: { "carrel.project": "demo", note: "a=b,c" },
    annotations: { "dossier.meta_path": "/srv/d.json" },
    env: { SECRET: "hidden", PATH: "/bin" },
    mounts: [{ source: "/srv/w", target: "/workspace", readOnly: false, relabel: "private", own: true }],
    ports: [{ hostAddress: "127.0.0.1", hostPort: 18700, containerPort: 8080 }],
    user: "dev:dev",
    network: "none",
    memory: "512m",
    cpus: "1.5",
    pids: 200,
    unrestricted: false,
    timeoutS: 60,
    logMaxBytes: 1000,
    extraArgs: ["--dns", "192.0.2.1"],
  });
  const facts = { ...FACTS, hasInit: true, envNames: ["SECRET"], envFile: "env-0a", pull: "newer" as const };
  assertEquals(createArgv(everything, facts), [
    ...["create", "--init", "--user", "dev:dev", "--annotation", "dossier.meta_path=/srv/d.json"],
    ...["--security-opt", "no-new-privileges", "--network", "none", "--memory", "512m", "--cpus", "1.5"],
    ...["--pids-limit", "200", "--timeout", "60"],
    ...["--log-driver", "k8s-file", "--log-opt", "path=/srv/logs/demo-run-q7m2x.log"],
    ...["--log-opt", "max-size=1000", "--http-proxy=false", "--dns", "192.0.2.1"],
    ...["-p", "127.0.0.1:18700:8080", "-v", "/srv/w:/workspace:Z", "--env-file", "env-0a", "--env", "SECRET"],
    ...["--label", "carrel.project=demo", "--label", "note=a=b,c", "--pull", "newer"],
    ...["--name", "demo-run-q7m2x", "--hostname", "demo-run-q7m2x", "--workdir", "/workspace"],
    ...["--entrypoint", '["npm"]', "--", "localhost/dev", "test", "--", "-x"],
  ]);
});

Deno.test("createArgv() leaves out what is not asked for", () => {
  const argv = createArgv(spec({ workdir: null, labels: {}, entrypoint: "image" }), FACTS);
  assertEquals(argv, [
    ...["create", "--log-driver", "k8s-file", "--log-opt", "path=/srv/logs/demo-run-q7m2x.log"],
    ...["--http-proxy=false", "--pull", "never", "--name", "demo-run-q7m2x"],
    ...["--hostname", "demo-run-q7m2x", "--", "localhost/dev", "true"],
  ]);
});

Deno.test("createArgv() maps a rootless user to whoever runs podman", () => {
  const argv = createArgv(spec(), { ...FACTS, keepId: { uid: 1000, gid: 1000 } });
  assert(argv.includes("--userns=keep-id:uid=1000,gid=1000"));
  assertEquals(valuesOf(argv, "--user"), ["1000:1000"]);
  const given = createArgv(spec({ user: "dev" }), { ...FACTS, keepId: { uid: 7, gid: 8 } });
  assert(given.includes("--userns=keep-id:uid=7,gid=8"));
  assertEquals(valuesOf(given, "--user"), ["dev"]);
});

for (
  const [words, overrides, entrypoint, args] of [
    ["the image's entrypoint before the command", { entrypoint: "image", command: ["a"] }, null, ["a"]],
    ["nothing where the image decides", { entrypoint: "image", command: null }, null, []],
    ["nothing where the command is empty", { entrypoint: "image", command: [] }, null, []],
    ["the command alone", { entrypoint: "none", command: ["a", "-b", "--"] }, ["a"], ["-b", "--"]],
    ["the image's command alone", { entrypoint: "none", command: null }, ["serve"], ["-x"]],
    [
      "a prelude before entrypoint and command",
      { entrypoint: "image", command: ["a", "-b"], prelude: ["/bin/sh", "/init"] },
      ["/bin/sh", "/init"],
      ["/entry", "--go", "a", "-b"],
    ],
    [
      "a prelude before entrypoint and the image's command",
      { entrypoint: "image", command: null, prelude: ["/init"] },
      ["/init"],
      ["/entry", "--go", "serve", "-x"],
    ],
    [
      "a prelude before the command alone",
      { entrypoint: "none", command: ["a"], prelude: ["/init"] },
      ["/init"],
      ["a"],
    ],
  ] as const
) {
  Deno.test(`createArgv() command line: ${words}`, () => {
    const given = spec(overrides);
    const argv = createArgv(given, { ...FACTS, image: needsImageDetails(given) ? IMAGE : null });
    assertEquals(commandOf(argv), { entrypoint, args: [...args] });
  });
}

Deno.test("createArgv() refuses an image without any command", () => {
  const given = spec({ command: null, prelude: ["/init"], entrypoint: "image" });
  const image = { user: "", entrypoint: [], command: [] };
  const error = assertThrows(() => createArgv(given, { ...FACTS, image }), AppError);
  assertEquals(error.code, "invalid_value");
});

Deno.test("createArgv() refuses what podman cannot be told", () => {
  for (
    const [code, overrides] of [
      ["config_missing", { image: null }],
      ["config_missing", { image: "" }],
      ["invalid_value", { command: ["a\0b"] }],
      ["invalid_value", { annotations: { a: "two\nlines" } }],
      ["invalid_value", { logPath: "/a:b/log" }],
      ["invalid_value", {
        mounts: [{ source: "w", target: "/w", readOnly: false, relabel: "none", own: false }],
      }],
    ] as const
  ) {
    assertEquals(assertThrows(() => createArgv(spec(overrides), FACTS), AppError).code, code);
  }
});

Deno.test("createArgv() quotes list flags for the versions that split them", () => {
  const given = spec({ annotations: { path: '/a,"b"' }, logPath: "/srv/a,b.log" });
  assert(dependsOnLists(given));
  const old = createArgv(given, FACTS);
  assertEquals(valuesOf(old, "--annotation"), ['"path=/a,""b"""']);
  assertEquals(valuesOf(old, "--log-opt"), ['"path=/srv/a,b.log"']);
  const recent = createArgv(given, { ...FACTS, splitsLists: false });
  assertEquals(valuesOf(recent, "--annotation"), ['path=/a,"b"']);
  assertEquals(valuesOf(recent, "--log-opt"), ["path=/srv/a,b.log"]);
  assert(!dependsOnLists(spec()));
});

Deno.test("createArgv() puts IPv6 addresses in brackets", () => {
  const ports = [{ hostAddress: "::1", hostPort: 1, containerPort: 2 }];
  assertEquals(valuesOf(createArgv(spec({ ports }), FACTS), "-p"), ["[::1]:1:2"]);
});

Deno.test("createArgv() cuts the host name to what Linux takes, never at a hyphen", () => {
  const name = `${"p".repeat(62)}-run-q7m2x`;
  assertEquals(valuesOf(createArgv(spec({ name }), FACTS), "--hostname"), ["p".repeat(62)]);
});

Deno.test("createArgv() never shows a value of the environment", () => {
  const value = fc.string({ minLength: 8, unit: "grapheme" });
  fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), value), (env) => {
    const argv = createArgv(spec({ env }), { ...FACTS, envNames: Object.keys(env) }).join("\n");
    const without = createArgv(spec(), { ...FACTS, envNames: Object.keys(env) }).join("\n");
    assertEquals(argv, without);
  }));
});

Deno.test("createArgv() passes every command word on unchanged", () => {
  const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(fc.property(fc.array(word, { minLength: 1 }), (command) => {
    const { entrypoint, args } = commandOf(createArgv(spec({ command }), FACTS));
    assertEquals([...entrypoint as string[], ...args], command);
  }));
});
