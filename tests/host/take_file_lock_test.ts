import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { runHostChild, startHostChild } from "./host_child.ts";

const { files } = newDenoHost();

Deno.test("takeFileLock() keeps other processes out until the holder dies", async () => {
  await using temp = newTempDir();
  const path = `${temp.path}/a.lock`;
  const holder = startHostChild(["hold-lock", path]);
  const stdout = holder.stdout.getReader();
  await stdout.read();
  const error = await assertRejects(() => files.lock(path, { timeoutMs: 0 }), AppError);
  assertEquals(error.code, "lock_timeout");
  holder.kill("SIGKILL");
  await Promise.all([holder.status, stdout.cancel()]);
  await using _lock = await files.lock(path, { timeoutMs: 0 });
});

Deno.test("takeFileLock() works where Deno has no tryLock", async () => {
  await using temp = newTempDir();
  const path = `${temp.path}/a.lock`;
  assertEquals(await runHostChild(["lock-without-try", path]), "locked");
  await using _lock = await files.lock(path, { timeoutMs: 0 });
  assertEquals(await runHostChild(["lock-without-try", path]), "lock_timeout");
});

function newTempDir(): AsyncDisposable & { readonly path: string } {
  const path = Deno.makeTempDirSync({ prefix: "carrel-lock-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
