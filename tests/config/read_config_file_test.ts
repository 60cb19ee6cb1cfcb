import { assertEquals, assertRejects } from "@std/assert";
import { readConfigFile } from "../../core/config/read_config_file.ts";
import { AppError } from "../../core/error.ts";
import { type Errno, osFailure } from "../../core/host/os_failure.ts";

const FILE = { kind: "user", path: "/c/config.yml", project: null } as const;

/** Files that cannot be read, and why. */
function failing(errno: Errno) {
  return { read: (path: string) => Promise.reject(osFailure(errno, `read ${path}`)) };
}

Deno.test("readConfigFile() blames the file for what it is, not for a machine that cannot read", async () => {
  for (const errno of ["EACCES", "EISDIR"] as const) {
    const { findings } = await readConfigFile(failing(errno), FILE);
    assertEquals(findings.map(({ problem }) => problem.code), ["invalid_config"], errno);
  }
  assertEquals((await readConfigFile(failing("ENOENT"), FILE)).findings, []);
  for (const errno of ["EMFILE", "EIO"] as const) {
    const error = await assertRejects(() => readConfigFile(failing(errno), FILE), AppError, "cannot read");
    assertEquals(error.code, "storage_failed", errno);
  }
});
