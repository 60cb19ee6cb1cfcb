/** Tests of how a cache is found, replaced and removed, and of seeding beside that. @module */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { clearCache } from "../../core/engine/clear_cache.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError } from "../../core/error.ts";
import { describeCache } from "../../core/storage/describe_cache.ts";
import {
  findCloneCache,
  hasCloneCache,
  holdCloneCache,
  placeCloneCache,
} from "../../core/storage/clone_cache.ts";
import { seedWorkspaceFromCloneCache } from "../../core/storage/seed_workspace_from_clone_cache.ts";
import type { FileLockOptions } from "../../core/port/host.ts";
import { putUpstream, TRACKED, trackedText } from "../support/git_tool.ts";
import { newRealCarrel } from "../support/real_carrel.ts";
import { DEMO, fakeProject, newWorld, ROOT, treeAt, type World } from "../support/world.ts";

const UPSTREAM = "/srv/app.git";
const [OLD, NEW] = ["1".repeat(40), "2".repeat(40)] as const;
const CACHES = `${ROOT}/sandbox/clone-cache`;
const WORKSPACE = "/tmp/task/workspace";

/** A world with a cache at OLD, whose upstream has moved on to NEW. */
async function newCacheWorld(): Promise<World> {
  const world = await newWorld({
    projects: { demo: fakeProject({}, `git: {upstream_url: "${UPSTREAM}"}\n`) },
  });
  putUpstream(world.host, UPSTREAM, OLD);
  await syncCloneCache(world.carrel, DEMO);
  putUpstream(world.host, UPSTREAM, NEW);
  return world;
}

/** Seeds a workspace; the commit that its files are of. */
async function seed({ host, carrel }: World): Promise<string | null> {
  host.files.putDir("/tmp/task");
  if (!await seedWorkspaceFromCloneCache(carrel, WORKSPACE, DEMO)) return null;
  return (await host.files.readText(`${WORKSPACE}/${TRACKED}`)).trim().replace("at ", "");
}

function besides({ host }: World): string[] {
  const names = Object.keys(treeAt(host, CACHES)).map((path) => path.split("/")[0] ?? "");
  return [...new Set(names)].sort();
}

const statusOf = async ({ carrel }: World) => await describeCache(carrel, DEMO, UPSTREAM);

Deno.test("between the two renames the old cache is the cache, and the next sync goes on from it", async () => {
  const world = await newCacheWorld();
  const { host, carrel } = world;
  await host.files.rename(`${CACHES}/demo`, `${CACHES}/.demo.old`);
  assertEquals(await findCloneCache(carrel, DEMO), `${CACHES}/.demo.old`);
  assertEquals([(await statusOf(world)).commit, await seed(world)], [OLD, OLD]);
  host.files.put(`${CACHES}/.demo.0123456789abcdef.tmp/.git/HEAD`, "half");
  await syncCloneCache(carrel, DEMO);
  assertEquals([(await statusOf(world)).commit, besides(world)], [NEW, ["demo"]]);
});

Deno.test("who takes the cache puts the old one back where no new one has come", async () => {
  const world = await newCacheWorld();
  const { host, carrel } = world;
  await host.files.rename(`${CACHES}/demo`, `${CACHES}/.demo.old`);
  await (await holdCloneCache(carrel, DEMO)).release();
  assertEquals([(await statusOf(world)).commit, besides(world)], [OLD, ["demo"]]);
});

Deno.test("an old cache beside a new one is removed", async () => {
  const world = await newCacheWorld();
  const { host, carrel } = world;
  host.files.put(`${CACHES}/.demo.old/.git/HEAD`, "old");
  assertEquals((await statusOf(world)).path, `${CACHES}/demo`);
  await (await holdCloneCache(carrel, DEMO)).release();
  assertEquals(besides(world), ["demo"]);
});

Deno.test("a clone that cannot take its place leaves the cache in it", async () => {
  const world = await newCacheWorld();
  const { host } = world;
  const rename: typeof host.files.rename = (from, to) =>
    from.endsWith(".tmp")
      ? Promise.reject(new AppError("storage_failed", "no"))
      : host.files.rename(from, to);
  const carrel = await world.open({ host: { ...host, files: { ...host.files, rename } } });
  host.files.put(`${CACHES}/x.tmp/.git/HEAD`, "new");
  await assertRejects(() => placeCloneCache(carrel, DEMO, `${CACHES}/x.tmp`), AppError, "no");
  assertEquals((await statusOf(world)).commit, OLD);
  assertEquals((await statusOf(world)).path, `${CACHES}/demo`);
});

Deno.test("clearCache() removes the cache and all that lies beside it, and then has nothing to do", async () => {
  const world = await newCacheWorld();
  const { host, carrel } = world;
  host.files.put(`${CACHES}/.demo.0123456789abcdef.tmp/half`, "");
  host.files.put(`${CACHES}/demo-2/.git/HEAD`, "of another project");
  assertEquals((await clearCache(carrel, DEMO)).changed, true);
  assertEquals(besides(world), ["demo-2"]);
  assertEquals((await clearCache(carrel, DEMO)).changed, false);
  assertEquals(await seed(world), null);
});

Deno.test("clearCache() clears what died syncs left, and the cache of a project that is gone or broken", async () => {
  for (const left of ["demo", ".demo.old", ".demo.0123456789abcdef.tmp"]) {
    const world = await newCacheWorld();
    const { host } = world;
    if (left !== "demo") await host.files.rename(`${CACHES}/demo`, `${CACHES}/${left}`);
    const broken = await world.configure("demo", "run: [");
    assertEquals((await clearCache(broken, DEMO)).changed, true);
    assertEquals([besides(world), await hasCloneCache(broken, DEMO)], [[], false]);
  }
});

Deno.test("a cache that cannot be read is a problem to be told, not a failure", async () => {
  const world = await newCacheWorld();
  await world.host.files.removeFile(`${CACHES}/demo/.git/packed-refs`);
  const { cached, commit, problem } = await statusOf(world);
  assertEquals([cached, commit, /cannot be used/.test(problem ?? "")], [false, null, true]);
  assertEquals(await seed(world), null);
  await syncCloneCache(world.carrel, DEMO);
  assertEquals((await statusOf(world)).commit, NEW);
});

Deno.test("a sync waits for a copy that is being made, which is of the old cache and whole", async () => {
  const world = await newCacheWorld();
  const { host, open } = world;
  const waits = Promise.withResolvers<void>();
  const lock = (path: string, options: FileLockOptions) => {
    if (path.endsWith("/clone-cache.lock") && options.shared !== true) waits.resolve();
    return host.files.lock(path, options);
  };
  const syncer = await open({ host: { ...host, files: { ...host.files, lock } } });
  let syncing: Promise<unknown> = Promise.resolve();
  const run: typeof host.processes.run = async (spec) => {
    if (spec.argv[0] === "cp") {
      syncing = syncCloneCache(syncer, DEMO);
      await waits.promise;
      assertEquals((await statusOf(world)).commit, OLD);
    }
    return await host.processes.run(spec);
  };
  const seeder = await open({ host: { ...host, processes: { ...host.processes, run } } });
  assertEquals(await seed({ ...world, carrel: seeder }), OLD);
  await syncing;
  assertEquals([(await statusOf(world)).commit, besides(world)], [NEW, ["demo"]]);
});

Deno.test("copies are made side by side, and a second sync waits for the first", async () => {
  const world = await newCacheWorld();
  const { host, open } = world;
  await using _copying = await host.files.lock(`${ROOT}/core/locks/demo/clone-cache.lock`, {
    timeoutMs: 0,
    shared: true,
  });
  assertEquals(await seed(world), OLD);
  await using _syncing = await host.files.lock(`${ROOT}/core/locks/demo/clone-cache-sync.lock`, {
    timeoutMs: 0,
  });
  const later = await open();
  const error = await assertRejects(() => syncCloneCache(later, DEMO), AppError);
  assertEquals(error.code, "lock_timeout");
  assertEquals((await assertRejects(() => clearCache(later, DEMO), AppError)).code, "lock_timeout");
  assertEquals(trackedText(OLD), await host.files.readText(`${CACHES}/demo/${TRACKED}`));
});

Deno.test("real git: whoever seeds while others sync gets one commit, whole", async () => {
  await using world = await newRealCarrel();
  const { place, open } = world;
  const commits = [await place.git(["rev-parse", "HEAD"])];
  await syncCloneCache(world.carrel, DEMO);
  const syncing = (async () => {
    for (let round = 0; round < 4; round++) {
      commits.push(await place.commit({ a: `${round}\n`, [`dir/${round}`]: "x\n" }));
      await Promise.all([syncCloneCache(await open(), DEMO), syncCloneCache(await open(), DEMO)]);
    }
  })();
  const seeding = Array.from({ length: 12 }, async (_, index) => {
    const workspace = join(place.dir, `task-${index}`);
    assert(await seedWorkspaceFromCloneCache(await open(), workspace, DEMO), "there is always a cache");
    return workspace;
  });
  const workspaces = await Promise.all(seeding);
  await syncing;
  for (const workspace of workspaces) {
    assert(commits.includes(await place.git(["rev-parse", "HEAD"], workspace)));
    assertEquals(await place.git(["status", "--porcelain"], workspace), "");
    assertEquals(await place.git(["fsck", "--strict"], workspace), "");
  }
});
