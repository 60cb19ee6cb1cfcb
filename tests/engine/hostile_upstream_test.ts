/** Tests that nothing of an upstream runs on the host, whatever the person's git is configured to do. @module */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError } from "../../core/error.ts";
import { seedWorkspaceFromCloneCache } from "../../core/storage/seed_workspace_from_clone_cache.ts";
import { DEMO, newRealCarrel, type RealCarrel } from "../support/real_carrel.ts";

const HOOKS = ["post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"] as const;
const TRAPS = [...HOOKS, "smudge", "clean", "process", "textconv", "update", "beside", "helper"] as const;

/** A world in which a program that should not run leaves its name. */
interface TrapWorld extends RealCarrel {
  /** A directory of programs that each leave a trace; every one can be a hook. */
  readonly traps: string;
  /** One of them. */
  trap(name: typeof TRAPS[number]): string;
  /** What ran. */
  traces(): Promise<string[]>;
  /** Runs git as the person would, checks that the traps do snap, and sets them again. */
  control(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void>;
  workspace(): string;
}

function test(words: string, body: (world: TrapWorld) => Promise<void>): void {
  Deno.test(`nothing runs on the host: ${words}`, async () => {
    await using world = await newRealCarrel();
    const { dir } = world.place;
    const [traps, traces] = [join(dir, "traps"), join(dir, "traces")];
    for (const path of [traps, traces, join(dir, "task")]) await Deno.mkdir(path);
    for (const name of TRAPS) {
      await Deno.writeTextFile(join(traps, name), `#!/bin/sh\n: > "${traces}/${name}"\n`, { mode: 0o755 });
    }
    const traced = async () => (await Array.fromAsync(Deno.readDir(traces))).map(({ name }) => name);
    await body({
      ...world,
      traps,
      async control(args, env) {
        const own = { HOME: dir, GIT_CONFIG_NOSYSTEM: "1", ...env };
        await new Deno.Command("git", { args: [...args], cwd: dir, env: own, stdin: "null" }).output();
        assertNotEquals(await traced(), [], "the trap snaps");
        for (const name of await traced()) await Deno.remove(join(traces, name));
      },
      trap: (name) => join(traps, name),
      traces: traced,
      workspace: () => join(dir, "task/workspace"),
    });
  });
}

/** Syncs and seeds with this text as the person's own configuration of git. */
async function useAll(world: TrapWorld, config = "", { snaps = false } = {}): Promise<void> {
  const file = join(world.place.dir, "gitconfig");
  await Deno.writeTextFile(file, config);
  if (snaps) await world.control(["clone", world.place.upstream, "control"], { GIT_CONFIG_GLOBAL: file });
  const carrel = await world.open({ env: { GIT_CONFIG_GLOBAL: file } });
  await syncCloneCache(carrel, DEMO);
  assertEquals(
    await seedWorkspaceFromCloneCache(carrel, world.workspace(), DEMO, { originUrl: "/upstream" }),
    true,
  );
}

test("hooks of templates and of a configured place", async (world) => {
  const templates = join(world.place.dir, "templates");
  await Deno.mkdir(templates);
  await Deno.rename(world.traps, join(templates, "hooks"));
  await useAll(world, `[init]\n\ttemplateDir = ${templates}\n[core]\n\thooksPath = ${templates}/hooks\n`, {
    snaps: true,
  });
  assertEquals(await world.traces(), []);
  await assertRejects(() => Deno.stat(join(world.cache, ".git/hooks")), Deno.errors.NotFound);
});

test("a file system monitor", async (world) => {
  await useAll(world, `[core]\n\tfsmonitor = ${world.traps}/fsmonitor-watchman\n`);
  assertEquals(await world.traces(), []);
});

test("filters that .gitattributes names, required or not", async (world) => {
  await world.place.commit({ ".gitattributes": "* filter=evil diff=evil merge=evil\n", a: "raw\n" });
  await useAll(
    world,
    `[filter "evil"]\n\tsmudge = ${world.trap("smudge")}\n\tclean = ${world.trap("clean")}\n` +
      `\tprocess = ${world.trap("process")}\n\trequired = true\n` +
      `[diff "evil"]\n\ttextconv = ${world.trap("textconv")}\n`,
    { snaps: true },
  );
  assertEquals(await world.traces(), []);
  assertEquals(await Deno.readTextFile(join(world.workspace(), "a")), "raw\n");
});

test("submodules, also where they are to be updated by a command", async (world) => {
  const { place } = world;
  const inner = join(place.dir, "inner");
  await place.git(["clone", "--quiet", place.upstream, inner], place.dir);
  await place.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "inner"]);
  const modules = `[submodule "inner"]\n\tpath = inner\n\turl = ${inner}\n\tupdate = !${
    world.trap("update")
  }\n`;
  await place.commit({ ".gitmodules": modules });
  await useAll(
    world,
    "[submodule]\n\trecurse = true\n[fetch]\n\trecurseSubmodules = true\n[protocol]\n\tallow = always\n",
  );
  assertEquals(await world.traces(), []);
  assertEquals(await Array.fromAsync(Deno.readDir(join(world.workspace(), "inner"))), []);
});

test("a directory of hooks beside the files", async (world) => {
  for (const name of ["hooks/post-checkout", ".githooks/post-checkout", "config"]) {
    await world.place.commit({ [name]: `#!/bin/sh\n${world.trap("beside")}\n` });
    await Deno.chmod(join(world.place.upstream, name), 0o755);
  }
  await world.place.commit({});
  await useAll(world);
  assertEquals(await world.traces(), []);
});

/** Commits a tree that git itself would not make. */
async function commitTree({ place }: RealCarrel, entries: string): Promise<void> {
  const file = join(place.dir, "entries");
  await Deno.writeTextFile(file, entries);
  const script = 'git -C "$1" mktree < "$2"';
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", place.upstream, file],
  }).output();
  const tree = new TextDecoder().decode(stdout).trim();
  assert(tree !== "", new TextDecoder().decode(stderr));
  const commit = await place.git(["commit-tree", tree, "-m", "made by hand"]);
  await place.git(["update-ref", "refs/heads/main", commit]);
}

test("names that would be the repository itself make no cache, and the one before stays", async (world) => {
  const { place, carrel, cache } = world;
  await syncCloneCache(carrel, DEMO);
  const before = await place.git(["rev-parse", "HEAD"], cache);
  const [link, hook] = [join(place.dir, "link"), join(world.traps, "post-checkout")];
  await Deno.writeTextFile(link, place.dir);
  const blobs = {
    link: await place.git(["hash-object", "-w", link]),
    hook: await place.git(["hash-object", "-w", hook]),
  };
  const hooks = `100755 blob ${blobs.hook}\tpost-checkout\n`;
  await commitTree(world, hooks);
  const hooksTree = await place.git(["rev-parse", "main^{tree}"]);
  await commitTree(world, `040000 tree ${hooksTree}\thooks\n`);
  const gitTree = await place.git(["rev-parse", "main^{tree}"]);
  const trees = [
    `120000 blob ${blobs.link}\t.git\n`,
    `040000 tree ${gitTree}\t.git\n`,
    `040000 tree ${gitTree}\t..\n`,
  ];
  for (const entries of trees) {
    await commitTree(world, entries);
    const outside = await namesBelow(place.dir);
    const error = await assertRejects(() => syncCloneCache(carrel, DEMO), AppError, undefined, entries);
    assertEquals([error.code, error.exit], ["storage_failed", 10]);
    assertEquals(await place.git(["rev-parse", "HEAD"], cache), before);
    assertEquals(await namesBelow(place.dir), outside, "nothing is written anywhere");
  }
  assertEquals(await world.traces(), []);
});

test("a link that a directory of the same name could be written through", async (world) => {
  const { place, carrel } = world;
  const outside = join(place.dir, "outside");
  await Deno.mkdir(outside);
  await Deno.writeTextFile(join(place.dir, "target"), outside);
  const link = await place.git(["hash-object", "-w", join(place.dir, "target")]);
  const tree = await place.git(["rev-parse", "main^{tree}"]);
  await commitTree(world, `120000 blob ${link}\tx\n040000 tree ${tree}\tx\n`);
  await syncCloneCache(carrel, DEMO);
  await seedWorkspaceFromCloneCache(carrel, world.workspace(), DEMO);
  assertEquals(await namesBelow(outside), []);
});

async function namesBelow(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
}

test("a question for a password", async (world) => {
  const askpass = join(world.traps, "post-checkout");
  const refuse = () => new Response("", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, refuse);
  const url = `http://127.0.0.1:${server.addr.port}/app.git`;
  const file = join(world.place.dir, "gitconfig");
  await Deno.writeTextFile(file, `[core]\n\taskPass = ${askpass}\n`);
  const env = { GIT_CONFIG_GLOBAL: file, GIT_ASKPASS: askpass, SSH_ASKPASS: askpass, DISPLAY: ":0" };
  await world.control(["ls-remote", url], env);
  const carrel = await world.open({ project: `run: {runtime: fake}\ngit: {upstream_url: "${url}"}\n`, env });
  const error = await assertRejects(() => syncCloneCache(carrel, DEMO), AppError);
  assertEquals([error.code, await world.traces()], ["upstream_failed", []]);
});

test("a helper that an address is rewritten to", async (world) => {
  const file = join(world.place.dir, "gitconfig");
  await Deno.writeTextFile(
    file,
    `[url "ext::${world.trap("helper")} "]\n\tinsteadOf = ${world.place.upstream}\n`,
  );
  const carrel = await world.open({ env: { GIT_CONFIG_GLOBAL: file } });
  const error = await assertRejects(() => syncCloneCache(carrel, DEMO), AppError);
  assertEquals([error.code, await world.traces()], ["upstream_failed", []]);
});
