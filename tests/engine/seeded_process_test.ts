/** A seeded task as a plain process, where nothing is mounted: its upstream is where it lies. @module */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { newCarrelProgram } from "../support/carrel_program.ts";
import { newGitPlace } from "../support/git_place.ts";

const SHOW = ["--", "sh", "-c", "git rev-parse HEAD; cat a; git remote get-url origin"];

Deno.test("a process is seeded, and does with its seed where the upstream cannot be reached", async () => {
  await using place = await newGitPlace();
  await using carrel = await newCarrelProgram();
  const seed = await place.commit({ a: "one\n" });
  // Nobody listens there; on the host, git is told to look elsewhere.
  const unreachable = "http://127.0.0.1:1/app.git";
  const gitConfig = join(place.dir, "gitconfig");
  await Deno.writeTextFile(gitConfig, `[url "${place.upstream}"]\n\tinsteadOf = ${unreachable}\n`);
  const env = { GIT_CONFIG_GLOBAL: gitConfig };
  for (const [project, url] of [["near", place.upstream], ["far", unreachable]] as const) {
    await carrel.run(["project", "new", project, "--runtime", "process", "--git", url]);
    const { code, stderr } = await carrel.run(["cache", "sync", project], { env });
    assertEquals([code, stderr], [0, ""]);
    const ran = await carrel.run(["task", "run", project, ...SHOW], { env });
    assertEquals([ran.code, ran.stdout], [0, `${seed}\none\n${url}\n`], ran.stderr);
    if (url === unreachable) assertStringIncludes(ran.stderr, `the workspace starts from its seed, ${seed}`);
  }
});
