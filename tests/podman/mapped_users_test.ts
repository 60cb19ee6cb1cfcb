/**
 * What containers have left as users that only the engine can become: deletion, restore and pruning change no
 * bit of it, and leave nothing behind. For an ordinary user these are subordinate ids, whose files it can neither
 * read nor remove by itself.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "@std/path";
import type { CarrelProgram } from "../support/carrel_program.ts";
import { addSetting, field, onlyTask, onProject } from "./project_bench.ts";

/** Files of three users, closed to all others; every kind that a workspace can hold. */
const MESS = String.raw`
set -eu
umask 077
mkdir -p own closed/deeper; echo secret > closed/deeper/file; echo mine > own/file
ln own/file own/again; ln -s /etc/passwd own/out; ln -s nowhere own/dangling
mkfifo own/fifo; head -c 100000 /dev/zero > own/zeros
: > "own/$(printf 'not utf-8 \377')"; : > own/sticky; chmod 6755 own/sticky
chmod 000 closed/deeper/file; chmod 500 closed/deeper
chown -R 1234:2345 closed; chown -h 5678:5678 own own/file own/out own/fifo
`;

const FACTS = String.raw`
{
  find . -type d -printf '%y %#m %U:%G %P\0' -o -printf '%y %#m %U:%G %s %n %l %P\0' | LC_ALL=C sort -z | od -An -c
  find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}`;

/** Runs a shell with the engine's view of users. */
async function shell(cwd: string, script: string): Promise<string> {
  const argv = ["sh", "-c", `cd "$0" && ${script.trim()}`, cwd];
  const [program = "", ...args] = Deno.uid() === 0 ? argv : ["podman", "unshare", ...argv];
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function ok(carrel: CarrelProgram, ...words: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await carrel.run([...words, "--json"]);
  assertEquals([code, stderr], [0, ""], words.join(" "));
  return JSON.parse(stdout);
}

/** Makes a task whose container makes the mess; its id, and what there is then. */
async function makeMess(
  carrel: CarrelProgram,
  project: string,
  settings = "",
): Promise<{ readonly task: string; readonly workspace: string; readonly before: string }> {
  await addSetting(carrel, project, `  user: "0:0"\n${settings}`);
  const ran = await carrel.run(["task", "run", project, "--", "sh", "-c", MESS]);
  assertEquals(ran.code, 0, ran.stderr);
  const task = await onlyTask(carrel, project);
  const workspace = join(
    String(field(await ok(carrel, "task", "status", task), "workspace")),
    "workspace-dangerous",
  );
  const before = await shell(workspace, FACTS);
  assert((await Deno.lstat(join(workspace, "closed"))).uid !== Deno.uid(), "it is of somebody else");
  return { task, workspace, before };
}

/** Another file system than that of temporary files, where an ordinary user may write; null without one. */
async function findElsewhere(): Promise<string | null> {
  try {
    const [shared, temporary] = [await Deno.stat("/dev/shm"), await Deno.makeTempFile()];
    const { dev } = await Deno.stat(temporary);
    await Deno.remove(temporary);
    return shared.dev === dev ? null : "/dev/shm";
  } catch {
    return null;
  }
}

const elsewhere = await findElsewhere();

for (const across of elsewhere === null ? [false] : [false, true]) {
  const where = across ? "across file systems" : "on one file system";
  onProject(
    `files of mapped users survive deletion and restore bit for bit, and are pruned, ${where}`,
    async (
      carrel,
      project,
    ) => {
      const tasks = across ? await Deno.makeTempDir({ dir: elsewhere ?? "", prefix: "carrel-test-" }) : null;
      try {
        const settings = tasks === null ? "" : `tasks: {root: ${JSON.stringify(tasks)}}\n`;
        const { task, workspace, before } = await makeMess(carrel, project, settings);
        await ok(carrel, "task", "delete", task);
        const archived = String(field(await ok(carrel, "archive", "show", task), "directory"));
        assertEquals(await shell(join(archived, "workspace-dangerous"), FACTS), before, "archived");
        assertEquals(await Array.fromAsync(Deno.readDir(dirname(dirname(workspace)))), [], "nothing is left");
        await ok(carrel, "archive", "restore", task);
        assertEquals(await shell(workspace, FACTS), before, "restored");
        assertEquals(await Array.fromAsync(Deno.readDir(dirname(archived))), [], "nothing is left");
        await shell(workspace, "echo more >> own/file");
        assert(await shell(workspace, FACTS) !== before, "a change would have been seen");
        await ok(carrel, "task", "delete", task);
        const pruned = await ok(carrel, "archive", "prune", project, "--keep-last", "0", "--yes");
        assertEquals(field(pruned, "warnings"), []);
        // Closed files are measured too.
        assert(Number(field(pruned, "freed_bytes")) >= 100_000);
        assertEquals(await Array.fromAsync(Deno.readDir(dirname(archived))), []);
      } finally {
        if (tasks !== null) await shell("/", `rm -rf '${tasks}'`);
      }
    },
  );
}

onProject(
  "what is left of an archive with files of mapped users is removed by storage prune",
  async (carrel, project) => {
    const { task } = await makeMess(carrel, project);
    await ok(carrel, "task", "delete", task);
    const archived = String(field(await ok(carrel, "archive", "show", task), "directory"));
    const hidden = join(dirname(archived), ".pruned-20260101T000000000000Z_q7m2x.0123456789abcdef");
    await Deno.rename(archived, hidden);
    const pruned = await ok(carrel, "storage", "prune");
    assertEquals([field(pruned, "warnings"), field(pruned, "changed")], [[], true]);
    assertMatch(
      JSON.stringify(field(pruned, "kinds")),
      /^\[\{"kind":"pruned archive","count":1,"freed_bytes":\d{6,}\}\]$/,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(dirname(archived))), []);
  },
);
