import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import type { ScriptedResult } from "../../core/host/memory_processes.ts";
import { scanTrees } from "../../core/storage/scan_trees.ts";
import { TreeSum } from "../../core/storage/tree_sum.ts";
import type { MeasuredTree } from "../../core/storage/tree_usage.ts";
import { newHostWithoutRights, newScratchTree } from "./scratch_tree.ts";

const host = newDenoHost();

/** Scans trees of the real disk. */
async function scan(
  paths: readonly string[],
  on: Parameters<typeof scanTrees>[0] = host,
): Promise<MeasuredTree[]> {
  const sums = paths.map((path) => new TreeSum(path));
  assert(await scanTrees(on, sums), "this machine has GNU find");
  return sums.map((sum) => sum.measured);
}

/** Scans a tree that a script makes; sizes alone. */
async function scanMade(script: string): Promise<number> {
  await using tree = await newScratchTree();
  await tree.shell(script);
  const [measured] = await scan([tree.path]);
  assertEquals(measured?.unreadable, []);
  return measured?.bytes ?? NaN;
}

Deno.test("a file counts with its apparent size, directories count nothing", async () => {
  assertEquals(await scanMade("mkdir -p a/b/c; printf 12345 > a/b/c/f; printf 123 > g; : > empty"), 8);
  assertEquals(await scanMade("mkdir -p a/b/c"), 0);
});

Deno.test("a sparse file counts in full, and only its blocks on the disk", async () => {
  await using tree = await newScratchTree();
  await tree.shell("truncate -s 1G hole; printf x >> hole");
  const [measured] = await scan([tree.path]);
  assertEquals(measured?.bytes, 2 ** 30 + 1);
  const blocks = Number(await tree.shell("stat -c %b hole"));
  assertEquals(measured?.allocatedBytes, blocks * 512);
  assert(blocks * 512 < 2 ** 30);
});

Deno.test("a file with several names counts once, wherever they are", async () => {
  assertEquals(
    await scanMade("mkdir a b; printf 12345 > a/f; ln a/f a/g; ln a/f b/h; printf 12345 > b/other"),
    10,
  );
});

Deno.test("a file with a name in each of two trees counts in both: each figure stands alone", async () => {
  await using tree = await newScratchTree();
  await tree.shell("mkdir a b; printf 12345 > a/f; ln a/f b/f");
  const measured = await scan([join(tree.path, "a"), join(tree.path, "b")]);
  assertEquals(measured.map(({ bytes }) => bytes), [5, 5]);
});

Deno.test("links count nothing and lead nowhere, nor do fifos, sockets and devices", async () => {
  await using outside = await newScratchTree();
  await outside.shell("printf 'not of the tree' > f");
  const script = `
    mkdir a; printf 123 > a/f
    ln -s a/f to-file; ln -s a to-dir; ln -s .. a/loop; ln -s nowhere broken; ln -s self self
    ln -s ${outside.path} out; ln -s ${outside.path}/f out-file
    mkfifo fifo
  `;
  assertEquals(await scanMade(script), 3);
});

Deno.test("a root that is a link, a file, or not there", async () => {
  await using tree = await newScratchTree();
  await tree.shell("mkdir real; printf 123 > real/f; ln -s real link; printf 12345 > file");
  const paths = ["link", "file", "absent", "real"].map((name) => join(tree.path, name));
  const measured = await scan(paths);
  assertEquals(measured.map(({ bytes, unreadable }) => [bytes, unreadable]), [[0, []], [5, []], [0, []], [
    3,
    [],
  ]]);
});

Deno.test("names may be anything: no UTF-8, line ends, patterns, dashes", async () => {
  const script = String.raw`
    bad=$(printf 'bad\377'); mkdir "$bad"; printf 1 > "$bad/$bad"; printf 12 > "$(printf 'two\nlines')"
    mkdir -- -delete '*' '[a]' ' ' './...'; printf 123 > ./-delete/-print; printf 1234 > '*/?'; printf 12345 > '[a]/null,'
    printf 123456 > ' / '; printf 1234567 > '.../"7:1"'
  `;
  assertEquals(await scanMade(script), 28);
});

Deno.test("a tree may be deeper than any path is long", async () => {
  const script = `
    name=$(printf 'd%.0s' $(seq 200)); mkdir top
    for level in $(seq 60); do mkdir next; mv top next/$name; printf 1 > next/f; mv next top; done
  `;
  assertEquals(await scanMade(script), 60);
});

Deno.test("both halves of a divided tree together are the tree", async () => {
  await using tree = await newScratchTree();
  await tree.shell(`
    for at in $(seq 100); do mkdir -p top/dir$at/sub/deep; printf 12345 > top/dir$at/f; ln top/dir$at/f top/dir$at/sub/g; done
    for at in 1 2 3 4; do printf 1 > top/dir$at/sub/deep/h; done
    printf 12 > f; printf 123 > top/f; ln top/f top/dir1/link; ln top/f top/dir2/link
  `);
  const expected = 100 * 5 + 4 + 2 + 3;
  const [one, again] = await scan([tree.path, tree.path]);
  assertEquals([one?.bytes, again?.bytes], [expected, expected]);
});

Deno.test("what may not be read is named, and the rest counts", async (test) => {
  const stranger = await newHostWithoutRights();
  await test.step({
    name: "by a user without rights (as root: needs setpriv)",
    ignore: stranger === null,
    async fn() {
      await using tree = await newScratchTree();
      await tree.shell(`
        mkdir open closed half; printf 1 > open/f; printf 12 > closed/f; printf 123 > half/f; printf 1234 > f
        bad=$(printf 'b\\377'); mkdir "$bad"; chmod 0 closed "$bad"; chmod 444 half; chmod 755 open
      `);
      const [measured] = await scan([tree.path], stranger ?? host);
      assertEquals(measured?.bytes, 5);
      const reason = "permission denied";
      assertEquals(measured?.unreadable, [
        { path: String.raw`${tree.path}/b\377`, reason },
        { path: `${tree.path}/closed`, reason },
        { path: `${tree.path}/half/f`, reason },
      ]);
    },
  });
});

Deno.test("a hundred thousand files, some with two names, add up to the byte", async () => {
  await using tree = await newScratchTree("/dev/shm");
  // In each directory f1 to f10 have so many bytes, and another name elsewhere; the others are empty.
  await tree.shell(`
    mkdir links
    for at in $(seq 100); do
      mkdir d$at; seq -f d$at/f%g 1000 | xargs touch
      for n in 1 2 3 4 5 6 7 8 9 10; do printf "%\${n}s" > d$at/f$n; ln d$at/f$n links/$at-$n; done
    done
  `);
  const [measured] = await scan([tree.path]);
  assertEquals([measured?.bytes, measured?.unreadable], [100 * 55, []]);
});

Deno.test("on a tree that others change meanwhile the figure is between what stayed and all", async () => {
  await using tree = await newScratchTree();
  await tree.shell(
    "for at in $(seq 60); do mkdir -p stay/d$at go/d$at; for f in 1 2 3 4 5; do printf 12345 > stay/d$at/$f; printf 1 > go/d$at/$f; done; done",
  );
  const stays = 60 * 5 * 5;
  const goes = 60 * 5;
  let isScanning = true;
  const change = async () => {
    while (isScanning) {
      await tree.shell(
        "mv go/d1 go/moved 2>/dev/null || true; rm -rf go/moved go/d2; mkdir -p go/d2; printf 1 > go/d2/1; mkdir -p go/d1",
      );
    }
  };
  const changing = change();
  try {
    for (let round = 0; round < 20; round++) {
      const [measured] = await scan([tree.path]);
      assertEquals(measured?.unreadable, []);
      const bytes = measured?.bytes ?? 0;
      assert(stays <= bytes && bytes <= stays + goes, `${bytes}`);
    }
  } finally {
    isScanning = false;
    await changing;
  }
});

Deno.test("on any tree the figure is that of every inode that find prints", async () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,3}$/);
  const file = fc.record({
    dirs: fc.array(name, { maxLength: 4 }),
    name,
    bytes: fc.nat(3000),
    link: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 120 }), async (files) => {
      await using tree = await newScratchTree();
      const written: string[] = [];
      for (const { dirs, name, bytes, link } of files) {
        const dir = join(tree.path, ...dirs.map((each) => `d${each}`));
        await Deno.mkdir(dir, { recursive: true });
        const path = join(dir, `f${name}`);
        const target = written.at(-1 - link);
        if (link > 0 && target !== undefined) await Deno.link(target, path).catch(ignoreTaken);
        else await Deno.writeFile(path, new Uint8Array(bytes));
        written.push(path);
      }
      const printed = await tree.shell("find . -type f -printf '%D:%i %s\\n' | sort -u");
      const expected = printed.split("\n").reduce((sum, line) => sum + Number(line.split(" ")[1] ?? 0), 0);
      assertEquals((await scan([tree.path])).map(({ bytes }) => bytes), [expected]);
    }),
    { numRuns: 25 },
  );
});

function ignoreTaken(error: unknown): void {
  if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
}

/** Scans two trees where `find` does what the script says. */
async function scanScripted(find: ScriptedResult | undefined) {
  const machine = newMemoryHost({ files: { "/t/a/f": "", "/t/b/f": "" } });
  machine.processes.onCommand(() => find);
  const sums = [new TreeSum("/t/a"), new TreeSum("/t/b")];
  const done = await scanTrees(machine, sums);
  return { done, sums: sums.map((sum) => sum.measured), machine };
}

Deno.test("scanTrees() is false where there is no find, or one that cannot print", async () => {
  assertEquals((await scanScripted(undefined)).done, false);
  const busybox = { code: 1, stderr: "find: unrecognized: -printf\nBusyBox v1.35.0 multi-call binary.\n" };
  assertEquals((await scanScripted(busybox)).done, false);
});

Deno.test("scanTrees() takes messages in the locale that it can read", async () => {
  const { machine } = await scanScripted({ stdout: "null,\n" });
  for (const { env } of machine.processes.commands) assertEquals(env, { LC_ALL: "C" });
});

Deno.test("scanTrees() goes on when something vanishes, and names what could not be read", async () => {
  const stderr = [
    "find: '/t/./a/gone': No such file or directory",
    "find: '/t/./a/bad': Input/output error",
    "find: '/t/./a/bad': Input/output error",
    'time="2026-01-01" level=warning msg="not of find"',
  ].join("\n");
  const { done, sums: [a] } = await scanScripted({ code: 1, stdout: "1,7,8,\nnull,\n", stderr });
  assertEquals(done, true);
  assertEquals(a, {
    bytes: 7,
    allocatedBytes: 4096,
    unreadable: [{ path: "/t/a/bad", reason: "input/output error" }],
  });
});

Deno.test("scanTrees() fails when a scan breaks off", async () => {
  for (const end of [{ signal: "SIGKILL" }, { signal: "SIGKILL", stdout: "1,7,8,\n" }]) {
    const error = await assertRejects(() => scanScripted(end), AppError, "the scan broke off: SIGKILL");
    assertEquals(error.code, "storage_failed");
  }
  const failed = { code: 1, stdout: "null,\n", stderr: "find: fts_read: Cannot allocate memory\n" };
  await assertRejects(() => scanScripted(failed), AppError, "the scan broke off: find: fts_read: Cannot");
  await assertRejects(() => scanScripted({ stdout: "garbage\n" }), AppError, "no record of a file");
});
