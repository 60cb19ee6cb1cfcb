/**
 * The state store's files, damaged: no list is empty, or short, without a word; tasks can still be looked at, stopped
 * and deleted.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { damagesOf } from "../support/damages.ts";
import { type DiskProgram, newDiskProgram } from "../support/disk_program.ts";
import { errorOf } from "./output.ts";

const LISTS = ["op list", "audit list", "agent list", "lock list"] as const;
const WAL = "-wal";

interface Scene extends Disposable {
  readonly program: DiskProgram;
  readonly task: string;
  /** The database. */
  readonly file: string;
  /** How many rows each list has. */
  readonly rows: readonly number[];
  /** Puts database and write-ahead log back as they were, or with other content. */
  write(parts: { readonly db?: Uint8Array; readonly wal?: Uint8Array }): void;
  readonly db: Uint8Array;
  /** Empty when everything was moved into the database. */
  readonly wal: Uint8Array;
}

/** A machine with a running task and something in each list; `keepsLog` leaves it as a killed process does. */
async function newScene({ keepsLog }: { readonly keepsLog: boolean }): Promise<Scene> {
  const program = newDiskProgram();
  program.configure("demo", "run: {runtime: fake, fake: {duration_ms: 1000000000}}\n");
  const file = `${program.root}/core/state.db`;
  const make = async (...argv: string[]) => {
    const { code, stdout, stderr } = await program.run("-q", ...argv);
    assertEquals([code, stderr], [0, ""]);
    return stdout.trim();
  };
  // Who reads keeps others from tidying up when they close.
  const reader = keepsLog ? await openReader(program, file) : null;
  const task = await make("task", "run", "demo", "--detach", "--", "work");
  for (const agent of ["codex", "claude"]) await make("agent", "register", agent);
  await make("lock", "acquire", "held", "--ttl", "1d", "--as", "me");
  const db = Deno.readFileSync(file);
  const wal = keepsLog ? Deno.readFileSync(file + WAL) : new Uint8Array();
  reader?.close();
  const write: Scene["write"] = (parts) => {
    for (const suffix of [WAL, "-shm"]) removeIfThere(file + suffix);
    Deno.writeFileSync(file, parts.db ?? db);
    if (wal.length > 0) Deno.writeFileSync(file + WAL, parts.wal ?? wal);
  };
  write({});
  const rows: number[] = [];
  for (const list of LISTS) {
    rows.push(countRows((await program.run(...list.split(" "), "--json")).stdout));
  }
  assert(rows.every((count) => count > 0), rows.join());
  return { program, task, file, rows, write, db, wal, [Symbol.dispose]: () => program[Symbol.dispose]() };
}

/** `lock list` answers with an object. */
function countRows(stdout: string): number {
  const answer: unknown[] | { readonly held: unknown[] } = JSON.parse(stdout);
  return (Array.isArray(answer) ? answer : answer.held).length;
}

async function openReader({ run }: DiskProgram, file: string): Promise<DatabaseSync> {
  assertEquals((await run("agent", "register", "first")).code, 0);
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.prepare("SELECT count(*) FROM sqlite_schema").get();
  return reader;
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether anything that lists what was recorded is short without saying so. */
async function findSilentLoss({ program: { run }, rows }: Scene): Promise<string[]> {
  const silent: string[] = [];
  for (const [at, list] of LISTS.entries()) {
    const ran = await run(...list.split(" "), "--json");
    if (ran.code !== 0) {
      assertEquals(ran.code, 10, `${list}: ${ran.stderr}`);
      assertStringIncludes(String(errorOf(ran)?.message), "state.db", list);
    } else if (countRows(ran.stdout) < (rows[at] ?? 0)) silent.push(list);
  }
  return silent;
}

Deno.test("a damaged database is named, or its check names it, and tasks are seen all the same", async () => {
  using scene = await newScene({ keepsLog: false });
  const { program, task, file } = scene;
  let named = 0;
  for (const [damage, db] of damagesOf(scene.db)) {
    scene.write({ db });
    const listed = await program.run("task", "list", "--json");
    assertEquals(listed.code, 0, `${damage}: ${listed.stderr}`);
    assertEquals(JSON.parse(listed.stdout).length, 1, damage);
    const silent = await findSilentLoss(scene);
    const checked = await program.run("state", "check", "--json");
    if (checked.code !== 0) named++;
    assert(silent.length === 0 || checked.code === 10, `${damage}: ${silent.join()}`);
    if (/zeros|emptied|cut off/.test(damage)) {
      assertEquals(checked.code, 10, damage);
      const doctor = await program.run("doctor", "--json");
      assertEquals([doctor.code, doctor.stdout.includes("state_unusable")], [11, true], damage);
    }
    assertEquals(Deno.readFileSync(file), db, damage);
  }
  assert(named >= 10, `${named} of the damages are seen`);
  // What is urgent is done without the store, and recorded once it is back.
  scene.write({ db: new Uint8Array() });
  assertEquals((await program.run("agent", "register", "late")).code, 10);
  assertEquals((await program.run("task", "stop", task)).code, 0);
  assertEquals(Deno.readFileSync(file).length, 0);
  scene.write({});
  assertEquals((await program.run("context", "set", "session", "f", "{}")).code, 0);
  const verbs = JSON.parse((await program.run("op", "list", "--json")).stdout).map((op: { verb: string }) =>
    op.verb
  );
  assert(verbs.includes("task stop"), verbs.join());
});

Deno.test("a damaged write-ahead log loses no more than what it held, and never everything without a word", async () => {
  using scene = await newScene({ keepsLog: true });
  const { program } = scene;
  assert(scene.wal.length > 0);
  assertEquals(await findSilentLoss(scene), []);
  for (const [damage, wal] of damagesOf(scene.wal)) {
    scene.write({ wal });
    for (const list of LISTS) {
      const ran = await program.run(...list.split(" "), "--json");
      // SQLite goes on from the last whole commit; a store without any is none.
      const isNew = ran.code === 0 &&
        (await program.run("state", "check", "--json")).stdout.includes('"schema_version":0');
      assert(!isNew && [0, 10].includes(ran.code), `${list}, log ${damage}: ${ran.code} ${ran.stderr}`);
    }
    assertEquals((await program.run("task", "list")).code, 0, damage);
  }
});
