/** Tasks that have filled the disk are stopped, on record, and purged. @module */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newCarrelProgram } from "../support/carrel_program.ts";
import { fillDisk, mayMount, mountTmpfs } from "../support/small_disk.ts";

Deno.test({
  name: "on a disk without any room tasks are stopped on record and purged, also those that have ended",
  ignore: !mayMount,
  async fn() {
    await using carrel = await newCarrelProgram();
    const root = join(carrel.place, "root");
    await using _tmpfs = await mountTmpfs(root, "4M");
    const ok = async (...args: string[]) => {
      const { code, stdout, stderr } = await carrel.run(args);
      assertEquals(code, 0, `${args.join(" ")}: ${stderr}`);
      return { stdout: stdout.trim(), stderr };
    };
    await ok("project", "new", "demo", "--runtime", "process");
    const run = async (...command: string[]) =>
      (await ok("task", "run", "demo", "-d", "-q", "--", ...command)).stdout;
    const runs = await run("sleep", "100");
    // They end when nobody looks: nothing records it.
    const [ended, purged] = [await run("sleep", "0.5"), await run("sleep", "0.5")];
    await new Promise((go) => setTimeout(go, 1000));
    {
      await using _filler = await fillDisk(root, 0);
      await ok("task", "stop", ended);
      const { stderr } = await ok("task", "stop", runs);
      assertEquals(/its record does not say so/.test(stderr), false, stderr);
      await ok("task", "delete", "--purge", "--yes", purged);
    }
    for (const [task, status] of [[runs, "stopped"], [ended, "completed"]]) {
      const { stdout } = await ok("task", "status", task ?? "", "--json");
      assertEquals(JSON.parse(stdout).status, status);
    }
    assertEquals((await carrel.run(["task", "status", purged])).code, 3);
  },
});
