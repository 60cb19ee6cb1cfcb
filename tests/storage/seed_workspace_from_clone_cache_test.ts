/** Tests of seeding with real files and the real git. @module */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { seedWorkspaceFromCloneCache } from "../../core/storage/seed_workspace_from_clone_cache.ts";
import { DEMO, newRealCarrel, type RealCarrel } from "../support/real_carrel.ts";

const MARKER = ".new-task-marker";

/** A world with a cache and a workspace that holds its marker. */
interface SeedWorld extends RealCarrel {
  readonly workspace: string;
  seed(originUrl?: string | null): Promise<boolean>;
}

/** Registers a test in a world of its own. */
function test(words: string, body: (world: SeedWorld) => Promise<void>): void {
  Deno.test(`seedWorkspaceFromCloneCache() ${words}`, async () => {
    await using world = await newRealCarrel();
    const workspace = join(world.place.dir, "task/workspace");
    await Deno.mkdir(workspace, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(join(workspace, MARKER), "new\n");
    await syncCloneCache(world.carrel, DEMO);
    const seed = (originUrl: string | null = null) =>
      seedWorkspaceFromCloneCache(world.carrel, workspace, DEMO, { originUrl });
    await body({ ...world, workspace, seed });
  });
}

async function namesIn(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
}

/** Checks that the workspace is as it was, with nothing beside it. */
async function assertUntouched({ workspace }: SeedWorld): Promise<void> {
  assertEquals(await namesIn(workspace), [MARKER]);
  assertEquals(await namesIn(join(workspace, "..")), ["workspace"]);
  assertEquals(await Deno.readTextFile(join(workspace, MARKER)), "new\n");
}

test("fills a new workspace, which keeps its marker", async (world) => {
  const { workspace, place, cache, notices } = world;
  assertEquals(await world.seed("https://example.org/app.git"), true);
  assertEquals(await namesIn(workspace), [".git", MARKER, "a"]);
  assertEquals(await Deno.readTextFile(join(workspace, MARKER)), "new\n");
  assertEquals(await namesIn(join(workspace, "..")), ["workspace"]);
  assertEquals(await place.git(["remote", "get-url", "origin"], workspace), "https://example.org/app.git");
  assertEquals(await place.git(["remote", "get-url", "origin"], cache), place.upstream);
  assertEquals(await place.git(["rev-parse", "HEAD"], workspace), await place.git(["rev-parse", "HEAD"]));
  assertEquals(await place.git(["status", "--porcelain"], workspace), `?? ${MARKER}`);
  assertEquals(((await Deno.stat(workspace)).mode ?? 0) & 0o777, 0o700);
  assertEquals(notices, []);
});

test("keeps the origin of the cache unless told otherwise", async ({ seed, place, workspace }) => {
  assertEquals(await seed(), true);
  assertEquals(await place.git(["remote", "get-url", "origin"], workspace), place.upstream);
});

test("makes a workspace that is not there", async ({ seed, workspace }) => {
  await Deno.remove(workspace, { recursive: true });
  assertEquals([await seed(), await namesIn(workspace)], [true, [".git", "a"]]);
});

test("copies: what is written in the workspace is in no cache", async ({ seed, workspace, cache }) => {
  await seed();
  for (const path of ["a", ".git/HEAD", ".git/config"]) {
    await Deno.writeTextFile(join(workspace, path), "spoilt\n");
    assert(!(await Deno.readTextFile(join(cache, path))).includes("spoilt"), path);
    assertEquals((await Deno.stat(join(workspace, path))).nlink, 1);
  }
});

test("copies links, odd names and modes as they are", async ({ carrel, seed, place, workspace }) => {
  const script =
    `printf x > "$1/$(printf 'odd\\377')"; ln -s /etc/hostname "$1/link"; printf y > "$1/-n x\ny"; ` +
    'printf z > "$1/run"; chmod +x "$1/run"';
  await new Deno.Command("sh", { args: ["-c", script, "sh", place.upstream] }).output();
  await place.commit({});
  await syncCloneCache(carrel, DEMO);
  assertEquals(await seed(), true);
  assertEquals(await Deno.readLink(join(workspace, "link")), "/etc/hostname");
  assertEquals(await place.git(["status", "--porcelain"], workspace), `?? ${MARKER}`);
  assertEquals(((await Deno.stat(join(workspace, "run"))).mode ?? 0) & 0o100, 0o100);
});

test("is false without a cache, and for what is no clone", async (world) => {
  const { seed, cache, carrel } = world;
  await Deno.remove(join(cache, ".git"), { recursive: true });
  assertEquals(await seed(), false);
  // A link to a repository is none.
  await Deno.symlink(world.place.upstream + "/.git", join(cache, ".git"));
  assertEquals(await seed(), false);
  await Deno.remove(cache, { recursive: true });
  assertEquals(await seed(), false);
  await Deno.symlink(world.place.upstream, cache);
  assertEquals(await seed(), false);
  await assertUntouched(world);
  await assertRejects(() => seedWorkspaceFromCloneCache(carrel, "/nowhere", "../demo"), AppError);
  assertEquals(world.notices, []);
});

test("is false for a workspace that holds anything", async ({ seed, workspace }) => {
  for (
    const plant of [
      (path: string) => Deno.mkdir(path),
      (path: string) => Deno.writeTextFile(path, "gitdir: /elsewhere\n"),
      (path: string) => Deno.symlink("/nowhere", path),
    ]
  ) {
    for (const name of [".git", "file"]) {
      await plant(join(workspace, name));
      const before = await namesIn(workspace);
      assertEquals([await seed(), await namesIn(workspace)], [false, before]);
      await Deno.remove(join(workspace, name));
    }
  }
  await Deno.rename(workspace, `${workspace}-real`);
  await Deno.symlink(`${workspace}-real`, workspace);
  assertEquals(await seed(), false);
});

test("refuses a cache that leads to other repositories", async (world) => {
  const { seed, cache, place, notices } = world;
  const alternates = join(cache, ".git/objects/info/alternates");
  await Deno.writeTextFile(alternates, `${place.upstream}/.git/objects\n`);
  assertEquals(await seed(), false);
  await Deno.remove(alternates);
  await Deno.symlink(place.upstream, join(cache, ".git/link"));
  assertEquals(await seed(), false);
  await assertUntouched(world);
  assertEquals(notices.length, 2);
  for (const { text } of notices) assertMatch(text, /leads to another repository/);
});

test("takes no part of a copy for a seed", async (world) => {
  const { workspace, open } = world;
  const real = newDenoHost();
  const broken = {
    "fails half-way": ["sh", "-c", 'mkdir "$1/.git" && exit 1', "sh"],
    "takes too long": ["sh", "-c", 'mkdir "$1/.git" && exec sleep 600', "sh"],
    "says nothing and does nothing": ["true"],
    "copies half a repository": [
      "sh",
      "-c",
      'mkdir "$1/.git" && echo "ref: refs/heads/main" > "$1/.git/HEAD"',
      "sh",
    ],
  };
  for (const [what, [program = "", ...args]] of Object.entries(broken)) {
    const run: typeof real.processes.run = (spec) =>
      spec.argv[0] !== "cp"
        ? real.processes.run(spec)
        : real.processes.run({ ...spec, argv: [program, ...args, spec.argv.at(-1) ?? ""], timeoutMs: 300 });
    const carrel = await open({ host: { processes: { ...real.processes, run } } });
    assertEquals(await seedWorkspaceFromCloneCache(carrel, workspace, DEMO), false, what);
    await assertUntouched(world);
  }
  assertEquals(world.notices.length, 4);
  // What one that was killed has left is in nobody's way.
  await Deno.mkdir(join(workspace, "../.workspace.0123456789abcdef.tmp/.git"), { recursive: true });
  assertEquals(await world.seed(), true);
  assertEquals(await namesIn(join(workspace, "..")), ["workspace"]);
});
