import { assertEquals } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import type { Files } from "../../core/port/host.ts";
import type { MeasuredTree } from "../../core/storage/tree_usage.ts";
import { walkTree } from "../../core/storage/walk_tree.ts";
import { newScratchTree } from "./scratch_tree.ts";

async function walk(files: Pick<Files, "info" | "list">, path: string): Promise<MeasuredTree> {
  return (await walkTree(files, path)).measured;
}

Deno.test("walkTree() counts each file once, and follows no link", async () => {
  const { files } = newMemoryHost({ files: { "/t/a/f": "12345", "/t/g": "123", "/out/secret": "1234567" } });
  files.hardLink("/t/a/f", "/t/b/f");
  files.symlink("/out", "/t/out");
  files.symlink("/out/secret", "/t/a/secret");
  files.symlink("/t", "/t/a/loop");
  files.fifo("/t/fifo");
  assertEquals(await walk(files, "/t"), { bytes: 8, allocatedBytes: 8192, unreadable: [] });
  assertEquals((await walk(files, "/t/out")).bytes, 0);
  assertEquals((await walk(files, "/t/g")).bytes, 3);
  assertEquals((await walk(files, "/none")).bytes, 0);
});

Deno.test("walkTree() names what it cannot read, and takes what vanishes for nothing", async () => {
  const { files } = newMemoryHost({ files: { "/t/a/f": "1", "/t/b/f": "12", "/t/c": "123" } });
  const deny = (path: string) => new AppError("permission_denied", `cannot list ${path}: permission denied`);
  const spoilt = {
    info: async (path: string) => path === "/t/c" ? null : await files.info(path),
    list: async (path: string) => {
      if (path === "/t/a") throw deny(path);
      if (path === "/t/b") throw new AppError("file_not_found", `cannot list ${path}: no such file`);
      return await files.list(path);
    },
  };
  assertEquals(await walk(spoilt, "/t"), {
    bytes: 0,
    allocatedBytes: 0,
    unreadable: [{ path: "/t/a", reason: "permission denied" }],
  });
});

Deno.test("walkTree() on the real disk agrees with what was written, and names what is no UTF-8", async () => {
  await using tree = await newScratchTree();
  await tree.shell(String.raw`
    mkdir -p a/b; printf 12345 > a/b/f; ln a/b/f g; truncate -s 1M hole; ln -s a link; mkfifo fifo
    printf 1 > "$(printf 'bad\377')"
  `);
  const { bytes, unreadable } = await walk(newDenoHost().files, tree.path);
  assertEquals(bytes, 5 + 2 ** 20);
  assertEquals(unreadable, [{ path: `${tree.path}/bad\ufffd`, reason: "its name is no UTF-8" }]);
});
