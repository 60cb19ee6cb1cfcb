import { assert, assertEquals } from "@std/assert";
import { crashedTree, type CrashState, crashStates } from "../../scripts/sweep/crash_states.ts";
import { parseStorageTrace } from "../../scripts/sweep/parse_storage_trace.ts";
import { readHistory, type StorageHistory } from "../../scripts/sweep/storage_history.ts";
import { StorageTree } from "../../scripts/sweep/storage_tree.ts";
import { line, TOP } from "./storage_lines.ts";

const OPEN = [`AT_FDCWD:${TOP}`, `${TOP}/.tmp`, "O_WRONLY|O_CREAT|O_EXCL", "0600"];
const WRITE = line("openat", ...OPEN) + line("write", `5:${TOP}/.tmp`, "'new!", "4");
const SYNC_FILE = line("fsync", `5:${TOP}/.tmp`);
const RENAME = line("rename", `${TOP}/.tmp`, `${TOP}/record`);
const SYNC_DIR = line("fsync", `6:${TOP}`);
const ANSWER = line("write", "1:pipe:[3]", "'done", "4");

/** A directory with `record`, which says `old`. */
function treeWithRecord(): StorageTree {
  const tree = new StorageTree();
  const bytes = new TextEncoder().encode("old");
  const inode = tree.add({ kind: "file", mode: 0o600, bytes, modified: null });
  tree.apply({ kind: "names", removed: null, given: { directory: 0, name: "record", inode } });
  return tree;
}

function run(trace: string, before = treeWithRecord()): StorageHistory {
  return readHistory(parseStorageTrace(trace), before, { dir: TOP, worthless: /-shm$/ });
}

function show(tree: StorageTree): Record<string, string> {
  const entries = Array.from(tree.entries(), ([path, inode]): [string, string] => [
    path,
    inode.kind === "file" ? new TextDecoder().decode(inode.bytes) : inode.kind,
  ]);
  return Object.fromEntries(entries);
}

/** What the record says in each state; `null` where it is lost. */
function recordsIn(history: StorageHistory, isChosen: (state: CrashState) => boolean): Set<string | null> {
  const states = crashStates(history).filter(isChosen);
  return new Set(states.map((state) => show(crashedTree(history, state))["record"] ?? null));
}

const always = () => true;
const answered = ({ isAnswered }: CrashState) => isAnswered;

Deno.test("a record that is written, flushed, renamed and flushed is old or new, and new once it is answered", () => {
  const history = run(WRITE + SYNC_FILE + RENAME + SYNC_DIR + ANSWER);
  assertEquals(show(history.after), { record: "new!" });
  assertEquals(recordsIn(history, always), new Set(["old", "new!"]));
  assertEquals(recordsIn(history, answered), new Set(["new!"]));
});

Deno.test("without the flush of the file the record can be empty or half there", () => {
  const history = run(WRITE + RENAME + SYNC_DIR + ANSWER);
  assertEquals(recordsIn(history, answered), new Set(["", "ne", "new!"]));
});

Deno.test("a flush of the whole file system covers both", () => {
  const history = run(WRITE + RENAME + line("syncfs", `6:${TOP}`) + ANSWER);
  assertEquals(recordsIn(history, answered), new Set(["new!"]));
});

Deno.test("without the flush of the directory the answered change can be lost", () => {
  const history = run(WRITE + SYNC_FILE + RENAME + ANSWER);
  assertEquals(recordsIn(history, answered), new Set(["old", "new!"]));
});

Deno.test("a flush that had begun before a write does not cover it", () => {
  const begun = line("fsync", `5:${TOP}/record`).replace(") = 0", " <unfinished ...>").replace("7", "8");
  const trace = begun + line("pwrite64", `5:${TOP}/record`, "'NEW", "3", "0") +
    "8  <... fsync resumed>) = 0\n";
  assertEquals(recordsIn(run(trace + ANSWER), answered), new Set(["old", "NEW", "Nld"]));
});

Deno.test("what is in a new directory is lost with its name", () => {
  const made = line("mkdir", `${TOP}/d`, "0700") + line("rename", `${TOP}/record`, `${TOP}/d/record`) +
    line("fsync", `5:${TOP}/d`);
  const lost = (history: StorageHistory) =>
    crashStates(history).filter(answered).some((state) =>
      !Object.values(show(crashedTree(history, state))).includes("old")
    );
  assert(lost(run(made + ANSWER)), "the move is durable, the directory is not");
  assert(!lost(run(made + SYNC_DIR + ANSWER)));
});

Deno.test("a rename that is lost leaves the old name; a directory is never in two places", () => {
  const before = treeWithRecord();
  const names = () => ({ kind: "directory" as const, mode: 0o700, names: new Map<string, number>() });
  before.apply({
    kind: "names",
    removed: null,
    given: { directory: 0, name: "a", inode: before.add(names()) },
  });
  const history = run(
    line("rename", `${TOP}/a`, `${TOP}/b`) + line("rename", `${TOP}/b`, `${TOP}/c`) + ANSWER,
    before,
  );
  const places = crashStates(history).map((state) =>
    Object.keys(show(crashedTree(history, state))).join(" ")
  );
  assertEquals(new Set(places), new Set(["record a", "record b", "record c"]));
});

Deno.test("worthless contents are left out, their names are not", () => {
  const made = line("openat", `AT_FDCWD:${TOP}`, `${TOP}/a-shm`, "O_WRONLY|O_CREAT", "0600");
  const history = run(made + line("write", `5:${TOP}/a-shm`, "'x", "1"));
  assertEquals(history.events.map(({ label }) => label), ["openat a-shm"]);
});

Deno.test("crash states are each there once, under names of their own", () => {
  const states = crashStates(run(WRITE + SYNC_FILE + RENAME + SYNC_DIR + ANSWER));
  assertEquals(new Set(states.map(({ key }) => key)).size, states.length);
  const contents = states.map(({ kept, torn, isAnswered }) => JSON.stringify([kept, torn, isAnswered]));
  assertEquals(new Set(contents).size, states.length);
  assertEquals(states.at(-1)?.key, "answered, nothing pending #1: after write stdout");
});

Deno.test("readHistory() follows children into their directories, and copies what they copy", () => {
  const child = line("chdir", `${TOP}/d`) +
    line("openat", `AT_FDCWD:${TOP}/d`, "'copy", "O_WRONLY|O_CREAT", "0644");
  const copied = line("copy_file_range", `4:${TOP}/record`, "NULL", `5:${TOP}/d/copy`, "NULL", "99", "0")
    .replace("= 0", "= 3");
  const link = line("symlink", "'../record", "'link");
  const history = run(line("mkdir", `${TOP}/d`, "0700") + child + copied + link);
  assertEquals(show(history.after), { record: "old", d: "directory", "d/copy": "old", "d/link": "symlink" });
});
