/** Tests of the init script with the real sh and git, as a plain process. @module */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { INIT_FAILED_EXIT, INIT_SCRIPT } from "../../core/engine/init_script.ts";
import { type GitPlace, newGitPlace, NO_GIT_CONFIG } from "../support/git_place.ts";

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** A workspace beside an upstream. */
interface Desk extends AsyncDisposable {
  readonly place: GitPlace;
  readonly workspace: string;
  readonly agentConfig: string;
  /** Runs the script with a command that does nothing. */
  init(env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Puts a copy of the upstream's clone into the workspace, as a seed; its commit. */
  seed(): Promise<string>;
  /** Text of a file in the workspace; null when it is not there. */
  read(name: string): Promise<string | null>;
  /** Moves the upstream away. */
  unplug(): Promise<void>;
}

const MARKER = ".new-task-marker";

async function newDesk(): Promise<Desk> {
  const place = await newGitPlace();
  await place.commit({ a: "one\n", "deep/b": "b\n" });
  const [workspace, agentConfig] = [join(place.dir, "workspace"), join(place.dir, "agent-config")];
  for (const dir of [workspace, agentConfig]) await Deno.mkdir(dir);
  const script = join(agentConfig, "init.sh");
  await Deno.writeTextFile(script, INIT_SCRIPT);
  await Deno.writeTextFile(join(workspace, MARKER), "");
  const read = (name: string) => Deno.readTextFile(join(workspace, name)).catch(() => null);
  return {
    place,
    workspace,
    agentConfig,
    read,
    async init(env = {}) {
      const { code, stderr } = await new Deno.Command("sh", {
        args: [script, "true"],
        env: {
          ...NO_GIT_CONFIG,
          HOME: place.dir,
          CARREL_WORKSPACE: workspace,
          CARREL_AGENT_CONFIG: agentConfig,
          CARREL_UPSTREAM: place.upstream,
          ...env,
        },
        stdin: "null",
        stderr: "piped",
      }).output();
      return { code, stderr: new TextDecoder().decode(stderr) };
    },
    async seed() {
      const clone = join(place.dir, "clone");
      await place.git(["clone", "--quiet", "--no-local", place.upstream, clone], place.dir);
      const copied = await new Deno.Command("cp", { args: ["-a", `${clone}/.`, workspace] }).output();
      assert(copied.success);
      return await place.git(["rev-parse", "HEAD"], clone);
    },
    unplug: () => Deno.rename(place.upstream, `${place.upstream}-gone`),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

/** Registers a test at a desk of its own. */
function test(words: string, body: (desk: Desk) => Promise<void>): void {
  Deno.test(`init script: ${words}`, async () => {
    await using desk = await newDesk();
    await body(desk);
  });
}

async function assertPrepared(desk: Desk, { code, stderr }: Ended, commit: string): Promise<void> {
  assertEquals(code, 0, stderr);
  assertEquals(await desk.read(MARKER), null, "the marker is gone");
  assertEquals(await Deno.readTextFile(join(desk.agentConfig, ".base")), `${commit}\n`);
  assertEquals(await Deno.readTextFile(join(desk.agentConfig, ".ready")), "");
  assertEquals(await desk.place.git(["status", "--porcelain", "--ignored"], desk.workspace), "");
  assertEquals(await desk.place.git(["rev-parse", "HEAD"], desk.workspace), commit);
}

test("an empty workspace becomes a clone at the remote's head", async (desk) => {
  await Deno.writeTextFile(join(desk.workspace, "stray"), "x");
  const ended = await desk.init();
  await assertPrepared(desk, ended, await desk.place.git(["rev-parse", "HEAD"]));
  assertEquals([ended.stderr, await desk.read("a"), await desk.read("stray")], ["", "one\n", null]);
});

test("a seed is brought to the remote's head, and what did not change is not written", async (desk) => {
  const seed = await desk.seed();
  const before = await Deno.stat(join(desk.workspace, "deep/b"));
  const commit = await desk.place.commit({ a: "two\n" });
  const ended = await desk.init({ CARREL_SEED: seed });
  await assertPrepared(desk, ended, commit);
  assertEquals([ended.stderr, await desk.read("a")], ["", "two\n"]);
  assertEquals((await Deno.stat(join(desk.workspace, "deep/b"))).ctime, before.ctime);
});

test("a seed follows a renamed default branch, moved tags and a branch that became a directory", async (desk) => {
  const { place } = desk;
  await place.git(["tag", "latest"]);
  await place.git(["branch", "topic"]);
  const seed = await desk.seed();
  await place.git(["branch", "-D", "topic"]);
  await place.git(["branch", "topic/one"]);
  await place.git(["branch", "--move", "main", "trunk"]);
  const commit = await place.commit({ a: "two\n" });
  await place.git(["tag", "--force", "latest"]);
  await assertPrepared(desk, await desk.init({ CARREL_SEED: seed }), commit);
  assertEquals(await place.git(["branch", "--show-current"], desk.workspace), "trunk");
  assertEquals(await place.git(["rev-parse", "latest"], desk.workspace), commit);
});

test("a seed will do when the remote cannot be reached, with a warning", async (desk) => {
  const seed = await desk.seed();
  await Deno.writeTextFile(join(desk.workspace, "a"), "spoilt\n");
  await Deno.writeTextFile(join(desk.workspace, "stray"), "x");
  await desk.unplug();
  const ended = await desk.init({ CARREL_SEED: seed });
  await assertPrepared(desk, ended, seed);
  assertEquals([await desk.read("a"), await desk.read("stray")], ["one\n", null]);
  assertMatch(ended.stderr, new RegExp(`carrel: warning: cannot fetch from .*; .* its seed, ${seed}`));
});

test("a seed without a branch will do as well", async (desk) => {
  await desk.place.git(["checkout", "--quiet", "--detach"]);
  const seed = await desk.seed();
  await desk.unplug();
  await assertPrepared(desk, await desk.init({ CARREL_SEED: seed }), seed);
});

test("without a seed, a remote that cannot be reached is a failure, and the marker stays", async (desk) => {
  await desk.unplug();
  const ended = await desk.init();
  assertEquals(ended.code, INIT_FAILED_EXIT);
  assertStringIncludes(ended.stderr, "cannot fetch");
  assertEquals(await desk.read(MARKER), "");
});

test("a repository that carrel did not verify is no seed", async (desk) => {
  await desk.seed();
  await desk.unplug();
  for (const env of [{}, { CARREL_SEED: "0123456789abcdef0123456789abcdef01234567" }]) {
    const { code } = await desk.init(env);
    assertEquals([code, await desk.read(MARKER)], [INIT_FAILED_EXIT, ""]);
  }
});

test("a repository of another remote is replaced", async (desk) => {
  const seed = await desk.seed();
  await desk.place.git(["remote", "set-url", "origin", "/elsewhere"], desk.workspace);
  await Deno.writeTextFile(join(desk.workspace, ".git/left"), "x");
  await assertPrepared(desk, await desk.init({ CARREL_SEED: seed }), seed);
  assertEquals(await desk.read(".git/left"), null);
});

test("a damaged seed is replaced by a clone", async (desk) => {
  const seed = await desk.seed();
  const packs = join(desk.workspace, ".git/objects/pack");
  for await (const { name } of Deno.readDir(packs)) {
    await Deno.chmod(join(packs, name), 0o600);
    await Deno.truncate(join(packs, name));
  }
  await assertPrepared(desk, await desk.init({ CARREL_SEED: seed }), seed);
});

test("a seed that lacks a file is replaced by a clone", async (desk) => {
  const seed = await desk.seed();
  const blob = await desk.place.git(["rev-parse", "HEAD:deep/b"]);
  await unpack(desk);
  await Deno.remove(join(desk.workspace, ".git/objects", blob.slice(0, 2), blob.slice(2)));
  await Deno.remove(join(desk.workspace, "deep/b"));
  const ended = await desk.init({ CARREL_SEED: seed });
  await assertPrepared(desk, ended, seed);
  assertStringIncludes(ended.stderr, "cloned anew");
});

test("a git that converts files converts those of a seed as well", async (desk) => {
  const seed = await desk.seed();
  const config = join(desk.place.dir, ".gitconfig");
  await Deno.writeTextFile(config, "[core]\n\tautocrlf = true\n");
  const { code, stderr } = await desk.init({ CARREL_SEED: seed });
  assertEquals([code, stderr, await desk.read("a")], [0, "", "one\r\n"]);
});

test("a branch that the remote lacks is a warning", async (desk) => {
  const ended = await desk.init({ GIT_BRANCH: "nope" });
  await assertPrepared(desk, ended, await desk.place.git(["rev-parse", "HEAD"]));
  assertStringIncludes(ended.stderr, "no branch nope");
});

test("without the marker local work is kept", async (desk) => {
  await desk.init();
  await Deno.writeTextFile(join(desk.workspace, "a"), "mine\n");
  await desk.place.commit({ a: "theirs\n" });
  assertEquals([(await desk.init()).code, await desk.read("a")], [0, "mine\n"]);
  await desk.unplug();
  const { code, stderr } = await desk.init({ CARREL_SEED: "0123456789abcdef0123456789abcdef01234567" });
  assertEquals([code, await desk.read("a")], [0, "mine\n"]);
  assertStringIncludes(stderr, "left as it is");
});

/** Makes loose objects of the packs of the workspace. */
async function unpack({ workspace }: Desk): Promise<void> {
  const git = join(workspace, ".git");
  const script =
    'mkdir "$1/loose" && mv "$1"/objects/pack/*.pack "$1/loose/" && rm -f "$1"/objects/pack/* && ' +
    'for pack in "$1"/loose/*.pack; do git -C "$1" unpack-objects -q < "$pack"; done; rm -rf "$1/loose"';
  const { success } = await new Deno.Command("sh", { args: ["-c", script, "sh", git], env: NO_GIT_CONFIG })
    .output();
  assert(success);
}
