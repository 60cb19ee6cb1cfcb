/**
 * A program is found, missing or not executable, as for a shell.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import { findProgram } from "../../../runtimes/process/find_program.ts";

async function lookUp(program: string, path: string | undefined = "/one:/two:sub"): Promise<string | number> {
  const { files } = newMemoryHost();
  files.put("/one/tool", "", 0o644);
  files.put("/two/tool", "", 0o755);
  files.put("/one/text", "", 0o644);
  files.put("/two/real", "", 0o755);
  files.symlink("real", "/two/link");
  files.symlink("nowhere", "/two/dangling");
  files.putDir("/two/folder");
  files.put("/desk/sub/local", "", 0o755);
  files.put("/bin/sh", "", 0o755);
  const result = await findProgram(files, program, { path, directory: "/desk" });
  return result.found ? result.path : result.exit;
}

Deno.test("findProgram() takes the first executable on PATH and skips what is not", async () => {
  assertEquals(await lookUp("tool"), "/two/tool");
  assertEquals(await lookUp("link"), "/two/link");
  assertEquals(await lookUp("local"), "/desk/sub/local");
});

Deno.test("findProgram() looks at a path with a slash alone", async () => {
  assertEquals(await lookUp("sub/local"), "/desk/sub/local");
  assertEquals(await lookUp("/one/tool"), 126);
  assertEquals(await lookUp("./tool"), 127);
});

Deno.test("findProgram() tells missing from not executable as a shell does", async () => {
  for (const program of ["none", "", "dangling", "/two/tool/below"]) assertEquals(await lookUp(program), 127);
  for (const program of ["text", "folder"]) assertEquals(await lookUp(program), 126);
});

Deno.test("findProgram() looks where the system does when there is no PATH", async () => {
  const { files } = newMemoryHost({ files: { "/bin/sh": "" } });
  await files.chmod("/bin/sh", 0o755);
  const result = await findProgram(files, "sh", { path: undefined, directory: "/" });
  assertEquals(result.found, true);
});
