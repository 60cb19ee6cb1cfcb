import { assertEquals, assertMatch } from "@std/assert";
import { pruneStorage } from "../../core/engine/prune_storage.ts";
import { AppError } from "../../core/error.ts";
import { osFailure } from "../../core/host/os_failure.ts";
import { StorageError } from "../../core/state/errors.ts";
import { dataOf, newTask, newWorld, placesOf, ROOT } from "../support/world.ts";

const HEX = "0123456789abcdef";
const ARCHIVES = `${ROOT}/archive/demo/tasks`;
const TASKS = `${ROOT}/sandbox-live/tasks/demo`;
const CACHES = `${ROOT}/sandbox/clone-cache`;

/** A world with one leftover of each kind, beside what looks like one and is not. */
async function newMess() {
  const world = await newWorld();
  const { host, carrel } = world;
  const ref = await newTask(carrel);
  const leftovers = [
    `${CACHES}/gone/.git/HEAD`,
    `${CACHES}/.gone-too.old/.git/HEAD`,
    `${CACHES}/.demo.old/.git/HEAD`,
    `${CACHES}/.old-project.${HEX}.tmp/.git/HEAD`,
    `${ARCHIVES}/.pruned-20260101T000000000000Z_q7m2x_a.${HEX}/task.json`,
    `${ARCHIVES}/.${ref.id}.incoming/part`,
    `${TASKS}/.${ref.id}.outgoing/part`,
    `${placesOf(ref).dir}/.workspace-dangerous.${HEX}.tmp/part`,
    `${placesOf(ref).dir}/.${ref.id}_meta.yml.${HEX}.tmp`,
    `${placesOf(ref).dir}/agent-config/.decision.yml.${HEX}.tmp`,
    `${ROOT}/core/projects/demo/tasks/.${ref.id}_meta.yml.${HEX}.tmp`,
    `${ROOT}/core/projects/demo/tasks/k7m2x_meta.yml.damaged-${HEX}`,
    `${ROOT}/core/.fake-runtime.json.${HEX}.tmp`,
  ];
  const others = [
    `${ARCHIVES}/.mine/part`,
    `${ARCHIVES}/.pruned-by-hand/part`,
    `${TASKS}/.other.outgoing/part`,
    `${placesOf(ref).dir}/workspace-dangerous/.pruned-x.${HEX}/part`,
    `${placesOf(ref).dir}/workspace-dangerous/.x.${HEX}.tmp`,
    `${ROOT}/core/projects/demo/tasks/notes.tmp`,
    // Of tasks that are there, by their records, their directories or their archives.
    `${ROOT}/core/projects/demo/tasks/${ref.id}_dossier.json.damaged-${HEX}`,
    `${ROOT}/core/projects/demo/tasks/k7m3x_meta.yml.damaged-${HEX}`,
    `${TASKS}/k7m3x/workspace-dangerous/work`,
    `${ROOT}/core/projects/demo/tasks/k7m4x_meta.yml.damaged-${HEX}`,
    `${ARCHIVES}/20260101T000000000000Z_k7m4x/task.json`,
    `${CACHES}/demo/.git/HEAD`,
  ];
  const before = dataOf(host);
  for (const path of [...leftovers, ...others]) host.files.put(path, "x");
  host.files.symlink("/etc", `${ARCHIVES}/.pruned-link.${HEX}`);
  await host.clock.advance(25 * 3_600_000);
  return { ...world, ref, leftovers, before, expected: others };
}

Deno.test("pruneStorage() removes what dead processes left, of every kind, and nothing else", async () => {
  const { carrel, host, leftovers, expected, notices } = await newMess();
  const before = Object.keys(dataOf(host));
  const { removed, warnings, op } = await pruneStorage(carrel);
  assertEquals([removed.length, warnings, op.changed, notices], [leftovers.length, [], true, []]);
  // Each holds one file of one letter.
  assertEquals(removed.filter(({ bytes, allocated_bytes }) => bytes !== 1 || allocated_bytes < 1), []);
  const after = new Set(Object.keys(dataOf(host)));
  assertEquals(leftovers.filter((path) => after.has(path)), []);
  const gone = before.filter((path) => !after.has(path) && !path.endsWith("/"));
  assertEquals(gone.toSorted(), leftovers.toSorted());
  assertEquals(expected.filter((path) => !after.has(path)), []);
  const again = await pruneStorage(carrel);
  assertEquals([again.removed, again.op.changed], [[], false]);
});

Deno.test("pruneStorage() leaves temporary files of the last day, and what somebody is at", async () => {
  const { carrel, host, ref, leftovers } = await newMess();
  const fresh = `${ROOT}/core/.state.json.${HEX}.tmp`;
  host.files.put(fresh, "x");
  await using _task = await host.files.lock(`${ROOT}/core/locks/demo/${ref.id}.lock`, { timeoutMs: 0 });
  const { removed, warnings } = await pruneStorage(carrel);
  assertEquals([removed.length, warnings.length], [leftovers.length - 3, 3]);
  for (const warning of warnings) assertMatch(warning, /was not removed: .*lock/);
  assertEquals(await host.files.readText(fresh), "x");
});

Deno.test("pruneStorage() as a dry run names all and removes nothing; it works without the state store", async () => {
  const { host, open, leftovers } = await newMess();
  const damaged = new StorageError("the state store is damaged", { details: { reason: "damaged" } });
  const carrel = await open({ openState: () => Promise.reject(damaged) });
  const before = host.files.snapshot();
  const { op } = await pruneStorage(carrel, { dryRun: true });
  const answer = await op.answer(() => ({}));
  assertEquals("plan" in answer ? answer.plan.length : 0, leftovers.length);
  assertEquals(host.files.snapshot(), before);
  assertEquals((await pruneStorage(carrel)).removed.length, leftovers.length);
});

Deno.test("pruneStorage() removes no clone cache while it cannot tell which projects there are", async () => {
  const { carrel, host, open } = await newMess();
  const { projectsDir } = carrel.paths;
  const list = async (dir: string) => {
    if (dir === projectsDir) throw osFailure("EACCES", `list ${dir}`);
    return await host.files.list(dir);
  };
  const blind = await open({ host: { ...host, files: { ...host.files, list } } });
  const { warnings } = await pruneStorage(blind);
  assertEquals(warnings.length, 1);
  assertEquals(await host.files.readText(`${CACHES}/gone/.git/HEAD`), "x");
});

Deno.test("pruneStorage() keeps a replaced clone cache of a project that has no other", async () => {
  const { carrel, host } = await newWorld();
  host.files.put(`${CACHES}/.demo.old/.git/HEAD`, "x");
  const { removed, op } = await pruneStorage(carrel);
  assertEquals([removed, op.changed], [[], false]);
});

Deno.test("pruneStorage() removes what it cannot measure, and says so", async () => {
  const { host, leftovers, open, notices } = await newMess();
  const { processes } = host;
  const spawn: typeof processes.spawn = (spec) => {
    if (spec.argv[0] === "find") throw new AppError("storage_failed", "out of processes");
    return processes.spawn(spec);
  };
  const carrel = await open({ host: { ...host, processes: { ...processes, spawn } } });
  const { removed } = await pruneStorage(carrel);
  assertEquals(removed.length, leftovers.length);
  assertEquals(removed.filter(({ bytes }) => bytes !== 0), []);
  const text = "what was left behind cannot be measured: out of processes";
  assertEquals(notices, [{ kind: "warning", text }]);
});
