/** Tests of `cache sync` with the real git. @module */
import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError } from "../../core/error.ts";
import { describeCache } from "../../core/storage/describe_cache.ts";
import { findCloneCache } from "../../core/storage/clone_cache.ts";
import { DEMO, newRealCarrel, type RealCarrel } from "../support/real_carrel.ts";

/** Registers a test in a world of its own. */
function test(words: string, body: (world: RealCarrel) => Promise<void>): void {
  Deno.test(`syncCloneCache() ${words}`, async () => {
    await using world = await newRealCarrel();
    await body(world);
  });
}

const head = ({ place }: RealCarrel, at?: string) => place.git(["rev-parse", "HEAD"], at);

async function failureOf(run: () => Promise<unknown>): Promise<AppError> {
  return await assertRejects(run, AppError);
}

/** All that lies where caches are. */
async function besides({ cache }: RealCarrel): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dirname(cache)))).map(({ name }) => name).sort();
}

/** Checks that the cache is a pristine clone of what the upstream is now. */
async function assertPristine(world: RealCarrel, branch = "main"): Promise<void> {
  const { cache, place } = world;
  assertEquals(await head(world, cache), await head(world));
  assertEquals(await place.git(["status", "--porcelain", "--ignored"], cache), "");
  assertEquals(await place.git(["branch", "--list", "--format=%(refname:short)"], cache), branch);
  assertEquals(await place.git(["fsck", "--strict"], cache), "");
  assertEquals(await besides(world), [basename(cache)]);
  const info = await Deno.stat(cache);
  assertEquals((info.mode ?? 0) & 0o777, 0o700);
}

test("makes a pristine clone with the upstream's branches and tags", async (world) => {
  const { carrel, place, cache } = world;
  await place.git(["tag", "-a", "-m", "first", "v1"]);
  await place.git(["branch", "topic"]);
  const op = await syncCloneCache(carrel, DEMO);
  assert(op.changed);
  await assertPristine(world);
  const refs = ["refs/remotes/origin/main", "refs/remotes/origin/topic", "refs/tags/v1"];
  const shown = await place.git(["for-each-ref", "--format=%(refname)", "refs/remotes", "refs/tags"], cache);
  assertEquals(shown.split("\n").filter((name) => !name.endsWith("/HEAD")), refs);
  assertEquals(await Deno.readTextFile(join(cache, "a")), "one\n");
  const { cached, commit, branch, problem, synced_at } = await describeCache(carrel, DEMO, place.upstream);
  assertEquals([cached, commit, branch, problem], [true, await head(world), "main", null]);
  assertMatch(synced_at ?? "", /^\d{4}-\d\d-\d\dT/);
});

test("shares no file with the upstream, nor with the cache before", async (world) => {
  const { carrel, place, cache } = world;
  await syncCloneCache(carrel, DEMO);
  await place.commit({ b: "two\n" });
  await syncCloneCache(carrel, DEMO);
  for await (const { name } of Deno.readDir(join(cache, ".git/objects/pack"))) {
    assertEquals((await Deno.stat(join(cache, ".git/objects/pack", name))).nlink, 1, name);
  }
  await assertRejects(() => Deno.stat(join(cache, ".git/objects/info/alternates")), Deno.errors.NotFound);
  await assertPristine(world);
});

test("holds nothing of this host: neither hooks nor reflogs", async (world) => {
  await syncCloneCache(world.carrel, DEMO);
  for (const name of ["hooks", "logs"]) {
    await assertRejects(
      () => Deno.stat(join(world.cache, ".git", name)),
      Deno.errors.NotFound,
      undefined,
      name,
    );
  }
});

test("leaves a cache alone that has all that the upstream has", async (world) => {
  await syncCloneCache(world.carrel, DEMO);
  const before = await Deno.stat(world.cache);
  assertEquals((await syncCloneCache(world.carrel, DEMO)).changed, false);
  assertEquals((await Deno.stat(world.cache)).ino, before.ino);
});

const MOVES: Record<string, (world: RealCarrel) => Promise<unknown>> = {
  "a new commit": ({ place }) => place.commit({ a: "two\n" }),
  "a rewritten history": async ({ place }) => {
    await place.git(["checkout", "--quiet", "--orphan", "fresh"]);
    await place.commit({ a: "other\n" });
    await place.git(["branch", "--force", "--move", "fresh", "main"]);
  },
  "a new tag": ({ place }) => place.git(["tag", "v2"]),
  "a tag that went": ({ place }) => place.git(["tag", "--delete", "v1"]),
  "a branch that became a directory": async ({ place }) => {
    await place.git(["branch", "--delete", "topic"]);
    await place.git(["branch", "topic/one"]);
  },
  "a branch that is checked out in place of another": ({ place }) =>
    place.git(["checkout", "--quiet", "-b", "second"]),
};

for (const [what, move] of Object.entries(MOVES)) {
  test(`follows ${what}`, async (world) => {
    const { carrel, place, cache } = world;
    await place.git(["branch", "topic"]);
    await place.git(["tag", "v1"]);
    await syncCloneCache(carrel, DEMO);
    await Deno.writeTextFile(join(cache, "stray"), "x");
    await move(world);
    assert((await syncCloneCache(carrel, DEMO)).changed);
    await assertPristine(world, await place.git(["branch", "--show-current"]));
    assertEquals((await syncCloneCache(carrel, DEMO)).changed, false, "nothing is left to do");
  });
}

test("survives that the default branch is renamed", async (world) => {
  const { carrel, place } = world;
  await syncCloneCache(carrel, DEMO);
  await place.git(["branch", "--move", "main", "trunk"]);
  await syncCloneCache(carrel, DEMO);
  await assertPristine(world, "trunk");
  assertEquals((await describeCache(carrel, DEMO, place.upstream)).branch, "trunk");
});

test("checks out git.default_branch where the upstream has it, and says where not", async (world) => {
  const { place, open, notices } = world;
  const settings = (branch: string) =>
    `run: {runtime: fake}\ngit: {upstream_url: "${place.upstream}", default_branch: ${branch}}\n`;
  const carrel = await open({ project: settings("topic") });
  await syncCloneCache(carrel, DEMO);
  assertMatch(notices[0]?.text ?? "", /no branch topic/);
  assertEquals((await describeCache(carrel, DEMO, null)).branch, "main");
  await place.git(["branch", "topic"]);
  await syncCloneCache(carrel, DEMO);
  assertEquals((await describeCache(carrel, DEMO, null)).branch, "topic");
  await syncCloneCache(await open(), DEMO);
  assertEquals((await describeCache(carrel, DEMO, null)).branch, "main");
});

test("follows another upstream, also in its origin", async (world) => {
  const { carrel, place, cache, open } = world;
  await syncCloneCache(carrel, DEMO);
  const other = join(place.dir, "other");
  await place.git(["clone", "--quiet", place.upstream, other], place.dir);
  const later = await open({ project: `run: {runtime: fake}\ngit: {upstream_url: "${other}"}\n` });
  assertMatch((await describeCache(later, DEMO, other)).problem ?? "", /another upstream/);
  assert((await syncCloneCache(later, DEMO)).changed);
  assertEquals(await place.git(["remote", "get-url", "origin"], cache), other);
});

test("takes a detached head as it is", async (world) => {
  const { carrel, place, cache } = world;
  await place.git(["checkout", "--quiet", "--detach"]);
  await place.commit({ a: "on no branch\n" });
  await syncCloneCache(carrel, DEMO);
  assertEquals(await head(world, cache), await head(world));
  const { branch, commit } = await describeCache(carrel, DEMO, null);
  assertEquals([branch, commit], [null, await head(world)]);
  assertEquals((await syncCloneCache(carrel, DEMO)).changed, false);
});

test("keeps the cache when the upstream cannot be reached, and says why", async (world) => {
  const { carrel, place, open } = world;
  await syncCloneCache(carrel, DEMO);
  await Deno.rename(place.upstream, `${place.upstream}-gone`);
  const gone = await failureOf(() => syncCloneCache(carrel, DEMO));
  assertEquals([gone.code, gone.exit], ["wrong_state", 5]);
  await Deno.mkdir(place.upstream);
  const empty = await failureOf(() => syncCloneCache(carrel, DEMO));
  assertEquals([empty.code, empty.exit, empty.retryable], ["upstream_failed", 5, true]);
  assertMatch(empty.message, /does not appear to be a git repository/);
  const url = "http://ada:secret@127.0.0.1:1/app.git";
  const remote = await open({ project: `run: {runtime: fake}\ngit: {upstream_url: "${url}"}\n` });
  const refused = await failureOf(() => syncCloneCache(remote, DEMO));
  assertEquals(refused.code, "upstream_failed");
  assert(!refused.message.includes("secret"), refused.message);
  assertNotEquals(await findCloneCache(carrel, DEMO), null);
  assertEquals(await besides(world), ["demo"]);
});

test("keeps the cache when an upstream has nothing to check out", async (world) => {
  const { carrel, place } = world;
  await syncCloneCache(carrel, DEMO);
  await place.git(["checkout", "--quiet", "--orphan", "nothing-yet"]);
  const error = await failureOf(() => syncCloneCache(carrel, DEMO));
  assertEquals([error.code, /head names no branch/.test(error.message)], ["wrong_state", true]);
  await Deno.remove(place.upstream, { recursive: true });
  await Deno.mkdir(place.upstream);
  await place.git(["init", "--quiet"]);
  assertMatch((await failureOf(() => syncCloneCache(carrel, DEMO))).message, /no commits yet/);
  assertEquals(await besides(world), ["demo"]);
});

test("gives up after its time, and leaves nothing of it", async (world) => {
  await syncCloneCache(world.carrel, DEMO);
  await world.place.commit({ a: "two\n" });
  const error = await failureOf(() => syncCloneCache(world.carrel, DEMO, { timeoutS: 0.001 }));
  assertEquals([error.code, /took too long/.test(error.message)], ["upstream_failed", true]);
  assertEquals(await besides(world), ["demo"]);
});

test("makes a damaged cache anew, and takes nothing from it", async (world) => {
  const { carrel, place, cache } = world;
  await syncCloneCache(carrel, DEMO);
  const packs = join(cache, ".git/objects/pack");
  for await (const { name } of Deno.readDir(packs)) {
    if (!name.endsWith(".pack")) continue;
    await Deno.chmod(join(packs, name), 0o600);
    await Deno.truncate(join(packs, name), 40);
  }
  await place.commit({ a: "two\n" });
  await syncCloneCache(carrel, DEMO);
  await assertPristine(world);
});

test("works from within a hook of another repository", async (world) => {
  const carrel = await world.open({ env: { GIT_DIR: "/nowhere", GIT_INDEX_FILE: "/nowhere/index" } });
  await syncCloneCache(carrel, DEMO);
  await assertPristine(world);
});

test("without an upstream or without git says what is missing", async ({ open }) => {
  const bare = await open({ project: "run: {runtime: fake}\n" });
  assertEquals((await failureOf(() => syncCloneCache(bare, DEMO))).code, "config_missing");
  const gitless = await open({ env: { PATH: "/nowhere" } });
  const error = await failureOf(() => syncCloneCache(gitless, DEMO));
  assertEquals([error.code, /no git/.test(error.message)], ["wrong_state", true]);
});

test("as a dry run asks the upstream and changes nothing", async (world) => {
  const { carrel, cache, place } = world;
  const dry = async () => (await syncCloneCache(carrel, DEMO, {}, { dryRun: true })).changed;
  assertEquals(await dry(), true);
  await assertRejects(() => Deno.stat(cache), Deno.errors.NotFound);
  await syncCloneCache(carrel, DEMO);
  assertEquals(await dry(), false);
  await Deno.remove(place.upstream, { recursive: true });
  assertEquals((await failureOf(dry)).code, "wrong_state");
});
