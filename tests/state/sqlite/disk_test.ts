import { assert, assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { SqliteContextStorage } from "../../../core/state/sqlite/sqlite_context_storage.ts";
import { newScratch, type Scratch } from "./scratch.ts";

const FILLING = JSON.stringify("x".repeat(8000));

async function run(program: string, ...args: readonly string[]): Promise<boolean> {
  const child = new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" });
  return await child.output().then(({ success }) => success, () => false);
}

/** A file system of its own, to be filled up or made read-only. */
async function mountDisk(): Promise<Scratch | null> {
  const scratch = newScratch();
  if (await run("mount", "-t", "tmpfs", "-o", "size=1m", "carrel-test", scratch.dir)) {
    return {
      ...scratch,
      [Symbol.asyncDispose]: async () => {
        await run("umount", scratch.dir);
        await Deno.remove(scratch.dir);
      },
    };
  }
  await scratch[Symbol.asyncDispose]();
  return null;
}

const disk = await mountDisk();
await disk?.[Symbol.asyncDispose]();

/** Registers a test that is ignored, with the reason, where no file system can be mounted. */
function diskTest(name: string, body: (scratch: Scratch) => Promise<void>): void {
  const note = disk === null ? " (a file system cannot be mounted here)" : "";
  Deno.test({
    name: name + note,
    ignore: disk === null,
    fn: async () => {
      await using scratch = await mountDisk();
      assert(scratch !== null);
      await body(scratch);
    },
  });
}

diskTest(
  "a full disk is disk_full; what was committed stays, and space makes it work again",
  async (scratch) => {
    const database = await openDatabase(scratch.path, scratch.host);
    const store = new SqliteContextStorage(database);
    let written = 0;
    const error = await assertRejects(async () => {
      for (;; written++) await store.setSession(`flow-${written}`, FILLING);
    }, StorageError);
    assertEquals([error.code, error.exit, error.details.reason], ["disk_full", 10, "full"]);
    assert(written > 10);
    assertEquals(await store.getSession(`flow-${written - 1}`), FILLING);
    assertEquals(await store.getSession(`flow-${written}`), null);

    assert(await run("mount", "-o", "remount,size=8m", scratch.dir));
    await store.setSession(`flow-${written}`, FILLING);
    await database.close();
    const again = await openDatabase(scratch.path, scratch.host);
    assertEquals(await new SqliteContextStorage(again).getSession(`flow-${written}`), FILLING);
    await again.close();
  },
);

diskTest("a disk without room for the tables is disk_full, and space makes it work", async (scratch) => {
  const ballast = `${scratch.dir}/ballast`;
  assertEquals(await run("dd", "if=/dev/zero", `of=${ballast}`, "bs=64k"), false);
  const error = await assertRejects(() => openDatabase(scratch.path, scratch.host), StorageError);
  assertEquals(error.code, "disk_full");
  await Deno.remove(ballast);
  await (await openDatabase(scratch.path, scratch.host)).close();
});

diskTest("a read-only file system is permission_denied, and the file stays as it is", async (scratch) => {
  await (await openDatabase(scratch.path, scratch.host)).close();
  const before = Deno.readFileSync(scratch.path);
  assert(await run("mount", "-o", "remount,ro", scratch.dir));
  const error = await assertRejects(() => openDatabase(scratch.path, scratch.host), StorageError);
  assertEquals([error.code, error.exit], ["permission_denied", 10]);
  assertEquals(Deno.readFileSync(scratch.path), before);
});

diskTest("a file that cannot be made on a read-only file system is permission_denied", async (scratch) => {
  assert(await run("mount", "-o", "remount,ro", scratch.dir));
  const error = await assertRejects(() => openDatabase(scratch.path, scratch.host), StorageError);
  assertEquals(error.code, "permission_denied");
});
