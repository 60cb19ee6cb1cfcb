import { assertEquals } from "@std/assert";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { findSplitDepth } from "../../core/storage/split_depth.ts";

const ROOT = "/tmp/root";

/** The depth at which a tree of these files is divided. */
async function depthOf(paths: readonly string[]): Promise<number | null> {
  const { files } = newMemoryHost({
    files: Object.fromEntries(paths.map((path) => [`${ROOT}/${path}`, ""])),
  });
  files.symlink(ROOT, "/tmp/link");
  assertEquals(await findSplitDepth(files, "/tmp/link"), null);
  return await findSplitDepth(files, ROOT);
}

/** `PREFIX0/f`, `PREFIX1/f`, ... */
function many(count: number, prefix: string, file = "f"): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}/${file}`);
}

Deno.test("findSplitDepth() finds the first level with many directories", async () => {
  assertEquals(await depthOf(many(100, "dir")), 1);
  assertEquals(await depthOf(many(100, "node_modules/pkg", "lib/index.js")), 2);
  assertEquals(await depthOf(["src/main.ts", ...many(100, "a/b/c/dir")]), 4);
});

Deno.test("findSplitDepth() leaves small trees whole, and what is not there", async () => {
  assertEquals(await depthOf([]), null);
  assertEquals(await depthOf(["file"]), null);
  assertEquals(await depthOf(many(20, "dir")), null);
});

Deno.test("findSplitDepth() stops looking in time, at the widest level that it has seen", async () => {
  const wide = Array.from({ length: 3000 }, (_, at) => `f${at}`);
  const twins = [...wide.map((name) => `a/${name}`), ...wide.map((name) => `b/${name}`), "b/c/d"];
  assertEquals(await depthOf(twins), 1);
});

Deno.test("findSplitDepth() does not list a directory that takes too long, and divides what lies beside it", async () => {
  const { files } = newMemoryHost({ files: { [`${ROOT}/a/f`]: "", [`${ROOT}/b/f`]: "" } });
  const listed: string[] = [];
  const seen = {
    list: (path: string) => {
      listed.push(path);
      return files.list(path);
    },
    info: async (path: string) => {
      const info = await files.info(path);
      return info !== null && path === `${ROOT}/a` ? { ...info, sizeBytes: 4_000_000 } : info;
    },
  };
  assertEquals(await findSplitDepth(seen, ROOT), 1);
  assertEquals(listed, [ROOT, `${ROOT}/b`]);
});
