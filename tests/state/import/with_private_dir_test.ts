import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import { StorageError } from "../../../core/state/errors.ts";
import { withPrivateDir } from "../../../core/state/import/with_private_dir.ts";

async function newMachine(env: Record<string, string> = {}) {
  const host = newMemoryHost({ env });
  await host.files.makeDir("/scratch", { mode: 0o700 });
  return host;
}

Deno.test("withPrivateDir() gives a directory for this user alone, and removes it with its files", async () => {
  for (
    const [env, parent] of [[{}, "/tmp"], [{ TMPDIR: "/scratch" }, "/scratch"], [
      { TMPDIR: "." },
      "/tmp",
    ]] as const
  ) {
    const host = await newMachine(env);
    const before = host.files.snapshot();
    const result = await withPrivateDir(host, async (path) => {
      assertMatch(path, new RegExp(`^${parent}/carrel-[0-9a-f]{16}$`));
      assertEquals((await host.files.info(path))?.mode, 0o700);
      await host.files.create(`${path}/a`, "x", { mode: 0o600 });
      return 7;
    });
    assertEquals([result, host.files.snapshot()], [7, before]);
  }
});

Deno.test("withPrivateDir() removes it also after an error, which it passes on", async () => {
  const host = await newMachine();
  const before = host.files.snapshot();
  const broken = new RangeError("stop");
  const failing = () => withPrivateDir(host, () => Promise.reject(broken));
  assertStrictEquals(await assertRejects(failing, RangeError), broken);
  assertEquals(host.files.snapshot(), before);
});

Deno.test("withPrivateDir() says what it could not remove", async () => {
  const host = await newMachine();
  const locked = (path: string) => host.files.makeDir(`${path}/directory`, { mode: 0o700 });
  await assertRejects(() => withPrivateDir(host, locked), StorageError);

  let left = "";
  const error = await assertRejects(() =>
    withPrivateDir(host, async (path) => {
      await locked(left = path);
      throw new AppError("disk_full", "no space left");
    }), AppError);
  assertEquals([error.message, error.details], ["no space left", { leftover: left }]);
});
