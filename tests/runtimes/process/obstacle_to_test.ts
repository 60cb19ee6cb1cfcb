/**
 * What the system would refuse to run is known before; on the real machine.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { obstacleTo } from "../../../runtimes/process/obstacle_to.ts";

async function obstacle(content: string, mode = 0o755): Promise<string | null> {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(directory, "tool"), content, { mode });
    await Deno.writeTextFile(join(directory, "interpreter"), "", { mode: 0o755 });
    return await obstacleTo(newDenoHost(), join(directory, "tool"), directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("obstacleTo() finds none for what the system runs", async () => {
  for (
    const content of ["#!/bin/sh\n", "#! \t/bin/sh -e\n", "#!./interpreter\n", "true\n", "", "\u007fELF\0"]
  ) {
    assertEquals(await obstacle(content), null, content);
  }
});

Deno.test("obstacleTo() finds an interpreter that is missing, or not executable", async () => {
  for (const path of ["/no/such", "./none", "/etc/passwd"]) {
    const words = `its interpreter ${path} is missing, or not executable`;
    assertEquals(await obstacle(`#!${path} -x\n`), words);
    assertEquals(await obstacle(`#! ${path}`), words);
  }
});

Deno.test("obstacleTo() finds what this user may not run", async () => {
  assertEquals(await obstacle("#!/bin/sh\n", 0o644), "permission denied");
});
