import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { runHostChild } from "./host_child.ts";

const { files } = newDenoHost();

for (const umask of ["022", "077", "000"]) {
  Deno.test(`newDenoFiles() makes exact modes under umask ${umask}`, async () => {
    await using temp = newTempDir();
    await runHostChild(["make-things", temp.path], `umask ${umask}`);
    const modes: Record<string, string> = {};
    for (const name of ["file", "log", "dir", "deep", "deep/er"]) {
      modes[name] = ((await files.info(`${temp.path}/${name}`))?.mode ?? 0).toString(8);
    }
    assertEquals(modes, { "file": "777", "log": "666", "dir": "777", "deep": "775", "deep/er": "775" });
  });
}

Deno.test("newDenoFiles() leaves nothing of a file that could not be written whole", async () => {
  await using temp = newTempDir();
  const path = `${temp.path}/large`;
  const said = await runHostChild(["create-too-large", path], `trap "" XFSZ; ulimit -f 8`);
  assertEquals(said, `storage_failed: cannot create ${path}: the file would be too large`);
  assertEquals(await files.info(path), null);
});

Deno.test("newDenoFiles() reports a full disk as disk_full", async () => {
  const error = await assertRejects(() => files.append("/dev/full", "x", { mode: 0o600 }), AppError);
  assertEquals(error.code, "disk_full");
  assertEquals(error.message, "cannot append to /dev/full: no space left on device");
  assertEquals(error.retryable, true);
});

Deno.test("newDenoFiles() does not wait for somebody who has a fifo open and writes nothing", async () => {
  await using temp = newTempDir();
  const path = `${temp.path}/fifo`;
  assertEquals(new Deno.Command("mkfifo", { args: [path] }).outputSync().success, true);
  using _writer = await Deno.open(path, { read: true, write: true });
  const error = await assertRejects(() => files.read(path), AppError);
  assertEquals([error.code, error.details.errno], ["permission_denied", "ENXIO"]);
});

Deno.test("newDenoFiles() reads devices that are empty, and what the kernel tells", async () => {
  assertEquals(await files.read("/dev/null"), new Uint8Array());
  assertStringIncludes(await files.readText("/proc/self/status"), "Pid:");
});

Deno.test("newDenoFiles() keeps the system's error as cause and its name in details", async () => {
  const error = await assertRejects(() => files.rename("/nowhere/a", "/nowhere/b"), AppError);
  assertStringIncludes(error.message, "cannot rename /nowhere/a to /nowhere/b");
  assertEquals(error.details, { errno: "ENOENT" });
  assertEquals(error.cause instanceof Deno.errors.NotFound, true);
});

Deno.test({
  name: "newDenoFiles() reports a rename across file systems as cross_device",
  // Needs two file systems that are writable to everybody: the usual place of temporary files and /dev/shm.
  ignore: !onAnotherDevice("/dev/shm"),
  fn: async () => {
    await using temp = newTempDir();
    const target = Deno.makeTempDirSync({ dir: "/dev/shm" });
    await files.create(`${temp.path}/a`, "", { mode: 0o600 });
    const error = await assertRejects(() => files.rename(`${temp.path}/a`, `${target}/a`), AppError);
    assertEquals(error.code, "cross_device");
    Deno.removeSync(target);
  },
});

function onAnotherDevice(path: string): boolean {
  try {
    const temp = Deno.makeTempDirSync();
    const here = Deno.statSync(temp).dev;
    Deno.removeSync(temp);
    return Deno.statSync(path).dev !== here;
  } catch {
    return false;
  }
}

function newTempDir(): AsyncDisposable & { readonly path: string } {
  const path = Deno.makeTempDirSync({ prefix: "carrel-files-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("ensureDir() gives up where a parent is there and refuses the child", async () => {
  const { files } = newDenoHost();
  const error = await assertRejects(() => files.ensureDir("/proc/carrel/a/b", { mode: 0o700 }), AppError);
  assertEquals(error.exit, 10);
});
