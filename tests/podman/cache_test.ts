/** Workspaces that are seeded from a clone cache, in real containers. @module */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { CarrelProgram } from "../support/carrel_program.ts";
import { newGitPlace } from "../support/git_place.ts";
import { addSetting, field, onlyTask, onProject as test } from "./project_bench.ts";

/** An address that no container reaches; on the host, git is told to look elsewhere. */
const UNREACHABLE = "https://carrel.invalid/app.git";

const SHOW = [
  "--",
  "sh",
  "-c",
  "git rev-parse HEAD; cat a; git status --porcelain; git remote get-url origin",
];

async function sync(carrel: CarrelProgram, project: string, env = {}): Promise<void> {
  const { code, stderr } = await carrel.run(["cache", "sync", project], { env });
  assertEquals([code, stderr], [0, ""]);
}

test("a seeded workspace is brought to the upstream's head", async (carrel, project) => {
  await using place = await newGitPlace();
  const seed = await place.commit({ a: "one\n" });
  await addSetting(carrel, project, `git: {upstream_url: "${place.upstream}"}\n`);
  await sync(carrel, project);
  const commit = await place.commit({ a: "two\n" });
  const ran = await carrel.run(["task", "run", project, ...SHOW]);
  assertEquals([ran.code, ran.stdout], [0, `${commit}\ntwo\n/upstream\n`], ran.stderr);
  const task = await onlyTask(carrel, project);
  const status = await carrel.json(["task", "status", task]);
  assertEquals(field(status, "base_commit"), seed);
  const diff = await carrel.run(["task", "diff", task]);
  assertStringIncludes(diff.stdout, "+two");
  assertMatch(diff.stderr, new RegExp(`seeded with ${seed}, .*${commit}`));
});

test("a seed will do where the upstream cannot be reached", async (carrel, project) => {
  await using place = await newGitPlace();
  const seed = await place.commit({ a: "one\n", ".gitattributes": "* text=auto\n" });
  await addSetting(carrel, project, `git: {upstream_url: "${UNREACHABLE}"}\n`);
  const gitConfig = join(place.dir, "gitconfig");
  await Deno.writeTextFile(gitConfig, `[url "${place.upstream}"]\n\tinsteadOf = ${UNREACHABLE}\n`);
  await sync(carrel, project, { GIT_CONFIG_GLOBAL: gitConfig });
  const ran = await carrel.run(["task", "run", project, ...SHOW]);
  assertEquals([ran.code, ran.stdout], [0, `${seed}\none\n${UNREACHABLE}\n`], ran.stderr);
  assertMatch(ran.stderr, new RegExp(`carrel: warning: cannot fetch from .*seed, ${seed}`));
  const task = await onlyTask(carrel, project);
  assertEquals((await carrel.run(["task", "diff", task])).stdout, "");
  // From then on it is a workspace like any other.
  assertEquals((await carrel.run(["task", "restart", task])).code, 0);
  assertEquals((await carrel.run(["task", "wait", task])).stdout, "0\n");
  // And without a cache there is nothing to start from.
  assertEquals((await carrel.run(["cache", "clear", project])).code, 0);
  const bare = await carrel.run(["task", "run", project, ...SHOW]);
  assertEquals([bare.code, bare.stdout], [125, ""]);
});

test("a named user of the image owns what was seeded", async (carrel, project) => {
  await using place = await newGitPlace();
  const seed = await place.commit({ a: "one\n", "deep/b": "b\n" });
  await addSetting(carrel, project, `  user: dev\ngit: {upstream_url: "${place.upstream}"}\n`);
  await sync(carrel, project);
  const command = [
    "sh",
    "-c",
    "git rev-parse HEAD; echo more >> deep/b; git -c user.name=d -c user.email=d@x commit -qam x",
  ];
  const ran = await carrel.run(["task", "run", project, "--", ...command]);
  assertEquals([ran.code, ran.stdout], [0, `${seed}\n`], ran.stderr);
  assertStringIncludes((await carrel.run(["task", "diff", await onlyTask(carrel, project)])).stdout, "+more");
  assertEquals(
    (await carrel.run(["cache", "sync", project, "--json"])).code,
    0,
    "the cache is nobody else's",
  );
});
