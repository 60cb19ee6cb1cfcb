/**
 * The laws of files.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError, type ErrorCode } from "../../core/error.ts";
import type { HostLaw } from "./host_suite.ts";

/** Asserts that the call fails with the code, and that its message names the path. */
export async function assertFails(
  code: ErrorCode,
  path: string,
  call: () => Promise<unknown>,
): Promise<void> {
  const error = await assertRejects(call, AppError);
  assertEquals(error.code, code, error.message);
  assertStringIncludes(error.message, path);
}

/** Registers them. */
export function fileLaws(law: HostLaw): void {
  creationLaws(law);
  readingLaws(law);
  changingLaws(law);
  wrongKindLaws(law);
}

function creationLaws(law: HostLaw): void {
  law("create writes a new file with exactly its bytes and mode", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/a`, new Uint8Array([0, 255, 10]), { mode: 0o640 });
    const info = await files.info(`${dir}/a`);
    assertEquals([info?.kind, info?.sizeBytes, info?.mode], ["file", 3, 0o640]);
    assertEquals(await files.read(`${dir}/a`), new Uint8Array([0, 255, 10]));
  });

  law("create never replaces a file, a directory or a link", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "old", { mode: 0o600 });
    await files.makeDir(`${dir}/d`, { mode: 0o700 });
    bench.symlink(`${dir}/nowhere`, `${dir}/l`);
    for (const name of ["a", "d", "l"]) {
      await assertFails(
        "file_exists",
        `${dir}/${name}`,
        () => files.create(`${dir}/${name}`, "new", { mode: 0o600 }),
      );
    }
    assertEquals(await files.readText(`${dir}/a`), "old");
    assertEquals(await files.info(`${dir}/nowhere`), null);
  });

  law("create into a missing directory is file_not_found", async ({ host: { files }, dir }) => {
    const path = `${dir}/missing/a`;
    await assertFails("file_not_found", path, () => files.create(path, "", { mode: 0o600 }));
  });

  law("append creates with the mode, then adds and leaves the mode", async ({ host: { files }, dir }) => {
    await files.append(`${dir}/log`, "one\n", { mode: 0o600 });
    await files.append(`${dir}/log`, new TextEncoder().encode("two\n"), { mode: 0o644 });
    assertEquals(await files.readText(`${dir}/log`), "one\ntwo\n");
    assertEquals((await files.info(`${dir}/log`))?.mode, 0o600);
  });

  law("makeDir makes one directory with its mode and refuses a path that is taken", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.makeDir(`${dir}/d`, { mode: 0o750 });
    const info = await files.info(`${dir}/d`);
    assertEquals([info?.kind, info?.mode], ["directory", 0o750]);
    await files.create(`${dir}/a`, "", { mode: 0o600 });
    for (const path of [`${dir}/d`, `${dir}/a`]) {
      await assertFails("file_exists", path, () => files.makeDir(path, { mode: 0o700 }));
    }
    await assertFails("file_not_found", `${dir}/x/y`, () => files.makeDir(`${dir}/x/y`, { mode: 0o700 }));
  });

  law("ensureDir makes all missing parents and is content with what is there", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.ensureDir(`${dir}/p/q/r`, { mode: 0o700 });
    await files.ensureDir(`${dir}/p/q/r`, { mode: 0o755 });
    for (const path of ["p", "p/q", "p/q/r"]) {
      assertEquals((await files.info(`${dir}/${path}`))?.mode, 0o700);
    }
    bench.symlink(`${dir}/p`, `${dir}/link`);
    await files.ensureDir(`${dir}/link/s`, { mode: 0o700 });
    assertEquals((await files.info(`${dir}/p/s`))?.kind, "directory");
  });

  law("ensureDir fails where a file is in the way", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/a`, "", { mode: 0o600 });
    await assertFails("file_exists", `${dir}/a`, () => files.ensureDir(`${dir}/a`, { mode: 0o700 }));
    await assertFails("permission_denied", `${dir}/a`, () => files.ensureDir(`${dir}/a/b`, { mode: 0o700 }));
  });
}

function readingLaws(law: HostLaw): void {
  law(
    "read gives the slice asked for, and what there is beyond the end",
    async ({ host: { files }, dir }) => {
      await files.create(`${dir}/a`, "0123456789", { mode: 0o600 });
      for (const untrusted of [false, true]) {
        const slice = (options: { offset?: number; maxBytes?: number }) =>
          files.readText(`${dir}/a`, { ...options, untrusted });
        assertEquals(await slice({}), "0123456789");
        assertEquals(await slice({ offset: 3, maxBytes: 4 }), "3456");
        assertEquals(await slice({ maxBytes: 2 }), "01");
        assertEquals(await slice({ offset: 8, maxBytes: 100 }), "89");
        assertEquals(await slice({ offset: 8 }), "89");
        assertEquals(await slice({ offset: 100 }), "");
        assertEquals(await slice({ maxBytes: 0 }), "");
      }
    },
  );

  law("readText replaces what is no UTF-8", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/a`, new Uint8Array([0x61, 0xff, 0x62]), { mode: 0o600 });
    assertEquals(await files.readText(`${dir}/a`), "a\ufffdb");
  });

  law("what is read is a copy", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/a`, "abc", { mode: 0o600 });
    (await files.read(`${dir}/a`)).fill(0);
    assertEquals(await files.readText(`${dir}/a`), "abc");
  });

  law("an untrusted read refuses links, fifos and directories, and never blocks", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/secret`, "s", { mode: 0o600 });
    await files.makeDir(`${dir}/d`, { mode: 0o700 });
    bench.symlink(`${dir}/secret`, `${dir}/link`);
    bench.fifo(`${dir}/fifo`);
    for (const name of ["link", "fifo", "d"]) {
      const path = `${dir}/${name}`;
      await assertFails("permission_denied", path, () => files.read(path, { untrusted: true }));
    }
    assertEquals(await files.readText(`${dir}/link`), "s");
    await assertFails("file_not_found", "none", () => files.read(`${dir}/none`, { untrusted: true }));
  });

  law("no read or append ever waits for a fifo, by whatever name", async (bench) => {
    const { host: { files }, dir } = bench;
    bench.fifo(`${dir}/fifo`);
    bench.symlink(`${dir}/fifo`, `${dir}/link`);
    for (const path of [`${dir}/fifo`, `${dir}/link`]) {
      await assertFails("permission_denied", path, () => files.read(path));
      await assertFails("permission_denied", path, () => files.readText(path));
      await assertFails("permission_denied", path, () => files.read(path, { maxBytes: 10 }));
      await assertFails("permission_denied", path, () => files.append(path, "x", { mode: 0o600 }));
    }
  });

  law("files of any size are read whole", async ({ host: { files }, dir }) => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251);
      await files.create(`${dir}/${size}`, bytes, { mode: 0o600 });
      assertEquals(await files.read(`${dir}/${size}`), bytes, `${size} bytes`);
    }
  });

  law("info tells kinds apart, does not follow links, and is null for what is absent", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "abc", { mode: 0o600 });
    bench.symlink(`${dir}/a`, `${dir}/l`);
    bench.fifo(`${dir}/p`);
    const kind = async (name: string) => (await files.info(`${dir}/${name}`))?.kind;
    assertEquals([await kind("a"), await kind("l"), await kind("p")], ["file", "symlink", "other"]);
    for (const name of ["none", "none/x", "a/x"]) assertEquals(await files.info(`${dir}/${name}`), null);
  });

  law("exists follows links, and says no of what cannot be reached", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "abc", { mode: 0o600 });
    bench.symlink(`${dir}/a`, `${dir}/l`);
    bench.symlink(`${dir}/none`, `${dir}/dangling`);
    bench.symlink(`${dir}/round`, `${dir}/round`);
    bench.fifo(`${dir}/p`);
    for (const name of [".", "a", "l", "p"]) assertEquals(await files.exists(`${dir}/${name}`), true, name);
    for (const name of ["none", "none/x", "a/x", "dangling", "round"]) {
      assertEquals(await files.exists(`${dir}/${name}`), false, name);
    }
  });

  law("info gives each file an inode of its own, on one device, owned by this user", async (bench) => {
    const { host: { files, system }, dir } = bench;
    await files.create(`${dir}/a`, "", { mode: 0o600 });
    await files.create(`${dir}/b`, "", { mode: 0o600 });
    const [a, b] = [await files.info(`${dir}/a`), await files.info(`${dir}/b`)];
    assertNotEquals(a?.inode, b?.inode);
    assertEquals([a?.device, a?.uid, a?.gid], [b?.device, system.uid, system.gid]);
    assert(a !== null && Number.isInteger(a.modifiedMs) && a.modifiedMs > 0);
  });

  law("info tells the size of a file, and what it takes on the disk in whole blocks", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "carrel\n".repeat(3000), { mode: 0o600 });
    await files.create(`${dir}/empty`, "", { mode: 0o600 });
    const [a, empty] = [await files.info(`${dir}/a`), await files.info(`${dir}/empty`)];
    assertEquals([a?.sizeBytes, empty?.sizeBytes, empty?.allocatedBytes], [21_000, 0, 0]);
    assert(a !== null && a.allocatedBytes > 0 && a.allocatedBytes % 512 === 0);
  });

  law("list gives all names in code unit order, with their kinds", async (bench) => {
    const { host: { files }, dir } = bench;
    for (const name of ["b", "a", "B", "é", ".hidden", "a-1"]) {
      await files.create(`${dir}/${name}`, "", { mode: 0o600 });
    }
    bench.symlink("/", `${dir}/link`);
    const entries = await files.list(dir);
    assertEquals(entries.map(({ name }) => name), [".hidden", "B", "a", "a-1", "b", "link", "é"]);
    assertEquals(entries.find(({ name }) => name === "link")?.kind, "symlink");
    await assertFails("file_not_found", `${dir}/none`, () => files.list(`${dir}/none`));
  });

  law("realPath resolves every link", async (bench) => {
    const { host: { files }, dir } = bench;
    const real = await files.realPath(dir);
    await files.makeDir(`${dir}/d`, { mode: 0o700 });
    bench.symlink("d", `${dir}/one`);
    bench.symlink(`${dir}/one`, `${dir}/two`);
    assertEquals(await files.realPath(`${dir}/two/../two/.`), `${real}/d`);
    await assertFails("file_not_found", "none", () => files.realPath(`${dir}/none`));
  });

  law("a circle of links is permission_denied, not an endless walk", async (bench) => {
    const { host: { files }, dir } = bench;
    bench.symlink(`${dir}/b`, `${dir}/a`);
    bench.symlink(`${dir}/a`, `${dir}/b`);
    await assertFails("permission_denied", `${dir}/a`, () => files.read(`${dir}/a`));
    await assertFails("permission_denied", `${dir}/a/x`, () => files.info(`${dir}/a/x`));
  });
}

function changingLaws(law: HostLaw): void {
  law(
    "freeBytes says what is left for files and directories, and needs one",
    async ({ host: { files }, dir }) => {
      await files.create(`${dir}/a`, "x", { mode: 0o600 });
      for (const path of [dir, `${dir}/a`]) {
        const bytes = await files.freeBytes(path);
        assert(Number.isSafeInteger(bytes) && bytes > 0, `${bytes} bytes`);
      }
      await assertFails("file_not_found", `${dir}/absent`, () => files.freeBytes(`${dir}/absent`));
    },
  );

  law("checkWritable leaves nothing, and needs a directory", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/a`, "x", { mode: 0o600 });
    await files.checkWritable(dir);
    assertEquals((await files.list(dir)).map(({ name }) => name), ["a"]);
    await assertFails("permission_denied", `${dir}/a`, () => files.checkWritable(`${dir}/a`));
    await assertFails("file_not_found", `${dir}/absent`, () => files.checkWritable(`${dir}/absent`));
  });

  law("rename moves a file over another one", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/new`, "new", { mode: 0o600 });
    await files.create(`${dir}/old`, "old", { mode: 0o644 });
    await files.rename(`${dir}/new`, `${dir}/old`);
    assertEquals(await files.readText(`${dir}/old`), "new");
    assertEquals((await files.info(`${dir}/old`))?.mode, 0o600);
    assertEquals(await files.info(`${dir}/new`), null);
  });

  law("rename moves a directory with all that is in it", async ({ host: { files }, dir }) => {
    await files.ensureDir(`${dir}/d/e`, { mode: 0o700 });
    await files.create(`${dir}/d/e/a`, "a", { mode: 0o600 });
    await files.rename(`${dir}/d`, `${dir}/moved`);
    assertEquals(await files.readText(`${dir}/moved/e/a`), "a");
    assertEquals(await files.info(`${dir}/d`), null);
  });

  law("rename refuses what is absent, a full directory, a wrong kind, and its own inside", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "", { mode: 0o600 });
    await files.ensureDir(`${dir}/full/x`, { mode: 0o700 });
    await files.makeDir(`${dir}/d`, { mode: 0o700 });
    const refused = (code: ErrorCode, from: string, to: string) =>
      assertFails(
        code,
        `rename ${dir}/${from} to ${dir}/${to}`,
        () => files.rename(`${dir}/${from}`, `${dir}/${to}`),
      );
    await refused("file_not_found", "none", "b");
    await refused("file_not_found", "a", "none/b");
    await refused("file_exists", "d", "full");
    await refused("permission_denied", "a", "d");
    await refused("permission_denied", "d", "a");
    await refused("storage_failed", "full", "full/x/y");
  });

  law("removeFile removes a file or a link, not what it points to", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "a", { mode: 0o600 });
    bench.symlink(`${dir}/a`, `${dir}/l`);
    assertEquals(await files.removeFile(`${dir}/l`), true);
    assertEquals(await files.readText(`${dir}/a`), "a");
    assertEquals(await files.removeFile(`${dir}/a`), true);
    assertEquals(await files.removeFile(`${dir}/a`), false);
    assertEquals(await files.removeFile(`${dir}/none/a`), false);
  });

  law("removeDir removes an empty directory only", async ({ host: { files }, dir }) => {
    await files.ensureDir(`${dir}/d/e`, { mode: 0o700 });
    await assertFails("file_exists", `${dir}/d`, () => files.removeDir(`${dir}/d`));
    assertEquals(await files.removeDir(`${dir}/d/e`), true);
    assertEquals(await files.removeDir(`${dir}/d`), true);
    assertEquals(await files.removeDir(`${dir}/d`), false);
  });

  law("chmod sets the mode of a file or directory, through a link too", async (bench) => {
    const { host: { files }, dir } = bench;
    await files.create(`${dir}/a`, "", { mode: 0o600 });
    bench.symlink(`${dir}/a`, `${dir}/l`);
    await files.chmod(`${dir}/l`, 0o755);
    assertEquals((await files.info(`${dir}/a`))?.mode, 0o755);
    await files.chmod(dir, 0o750);
    assertEquals((await files.info(dir))?.mode, 0o750);
    await assertFails("file_not_found", `${dir}/none`, () => files.chmod(`${dir}/none`, 0o600));
  });

  law("syncDir takes a directory that is there", async ({ host: { files }, dir }) => {
    await files.syncDir(dir);
    await assertFails("file_not_found", `${dir}/none`, () => files.syncDir(`${dir}/none`));
  });
}

function wrongKindLaws(law: HostLaw): void {
  law("a wrong kind of file is permission_denied", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/a`, "", { mode: 0o600 });
    await files.makeDir(`${dir}/d`, { mode: 0o700 });
    const denied = (path: string, call: (path: string) => Promise<unknown>) =>
      assertFails("permission_denied", `${dir}/${path}`, () => call(`${dir}/${path}`));
    await denied("d", (path) => files.read(path));
    await denied("d", (path) => files.append(path, "x", { mode: 0o600 }));
    await denied("d", (path) => files.removeFile(path));
    await denied("a", (path) => files.removeDir(path));
    await denied("a", (path) => files.list(path));
    await denied("a", (path) => files.syncDir(path));
    await denied("a/b", (path) => files.read(path));
    await denied("a/b", (path) => files.create(path, "", { mode: 0o600 }));
    await denied("a/b", (path) => files.makeDir(path, { mode: 0o700 }));
  });
}
