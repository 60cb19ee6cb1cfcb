import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { G1 } from "./reference_schemas.ts";
import { filesBelow, newScene, type Scene, writeSql } from "./scene.ts";

/** Imports, and checks that nothing of the reference's directory has changed, not even a time. */
async function importUntouched(scene: Scene): Promise<void> {
  const facts = () => {
    const { mtime, ino, size } = Deno.statSync(scene.file);
    const directory = Deno.statSync(`${scene.dir}/reference`).mtime;
    return { files: filesBelow(`${scene.dir}/reference`), mtime, ino, size, directory };
  };
  const before = facts();
  await scene.import();
  assertEquals(facts(), before);
  assertEquals(filesBelow(`${scene.dir}/tmp`), {}, "no copy is left");
}

async function sessions(scene: Scene): Promise<Record<string, string | null>> {
  await using stores = await scene.open();
  const found = ["one", "two"].map(async (dfid) => [dfid, await stores.context.getSession(dfid)]);
  return Object.fromEntries(await Promise.all(found));
}

const ONE = "INSERT INTO context_session (dfid, data) VALUES ('one', '1')";
const TWO = "INSERT INTO context_session (dfid, data) VALUES ('two', '2')";

Deno.test("importReference() leaves the file as it was, and nothing beside it", async () => {
  await using scene = newScene(...G1, ONE);
  await importUntouched(scene);
  assertEquals(await sessions(scene), { one: "1", two: null });
});

Deno.test("importReference() reads through a link", async () => {
  await using scene = newScene(...G1, "PRAGMA journal_mode = WAL", ONE);
  const [target, link] = [`${scene.dir}/reference/target.db`, scene.file];
  const writer = new DatabaseSync(scene.file);
  writer.exec(TWO);
  for (const part of ["", "-wal"]) Deno.copyFileSync(scene.file + part, target + part);
  writer.close();
  Deno.removeSync(scene.file);
  Deno.symlinkSync(target, link);
  await importUntouched(scene);
  assertEquals(await sessions(scene), { one: "1", two: "2" }, "the log lies beside the target");
});

Deno.test("importReference() leaves a file with a write-ahead log as it was", async () => {
  await using scene = newScene(...G1, "PRAGMA journal_mode = WAL", ONE);
  await importUntouched(scene);
  assertEquals(Object.keys(filesBelow(`${scene.dir}/reference`)), [scene.file]);
  assertEquals(await sessions(scene), { one: "1", two: null });
});

Deno.test("importReference() reads what is only in the write-ahead log of a running program", async () => {
  await using scene = newScene(...G1, "PRAGMA journal_mode = WAL", ONE);
  const program = new DatabaseSync(scene.file);
  program.exec(TWO);
  await importUntouched(scene);
  program.close();
  assertEquals(await sessions(scene), { one: "1", two: "2" });
});

/** A copy of the database as another process sees it in the middle of a transaction that has reached the disk. */
function crashed(scene: Scene): void {
  const program = new DatabaseSync(scene.file);
  program.exec("PRAGMA cache_size = 2; PRAGMA cache_spill = 1");
  program.exec("BEGIN EXCLUSIVE");
  program.exec(TWO);
  program.exec(
    `UPDATE context_session SET data = '9'`,
  );
  program.exec(
    `INSERT INTO context_session (dfid, data)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      SELECT 'bulk ' || i, '"${"x".repeat(500)}"' FROM n`,
  );
  const copies = ["", "-journal"].map((part) => [part, Deno.readFileSync(scene.file + part)] as const);
  program.exec("ROLLBACK");
  program.close();
  for (const [part, bytes] of copies) Deno.writeFileSync(scene.file + part, bytes);
}

Deno.test("importReference() reads what was committed before a crash, and leaves the journal", async () => {
  await using scene = newScene(...G1, ONE);
  const sound = Deno.readFileSync(scene.file);
  crashed(scene);
  assert(Deno.readFileSync(scene.file).length > sound.length, "the transaction has reached the file");
  assert(Deno.statSync(`${scene.file}-journal`).size > 0);
  await importUntouched(scene);
  assertEquals(await sessions(scene), { one: "1", two: null });
});

Deno.test("importReference() reads what was committed while another program holds every lock", async () => {
  await using scene = newScene(...G1, ONE);
  // Another process: the locks of this one would be its own.
  const script = `import { DatabaseSync } from "node:sqlite";
    const database = new DatabaseSync(Deno.args[0]);
    database.exec("BEGIN EXCLUSIVE");
    database.exec("${TWO}");
    console.log("locked");
    await Deno.stdin.read(new Uint8Array(1));
    database.exec("COMMIT");
    database.close();`;
  const program = new Deno.Command(Deno.execPath(), {
    args: ["eval", script, scene.file],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = program.stdout.getReader();
  await output.read();
  await importUntouched(scene);
  assertEquals(await sessions(scene), { one: "1", two: null });

  const input = program.stdin.getWriter();
  await input.write(new Uint8Array(1));
  await input.close();
  await output.cancel();
  assertEquals((await program.status).code, 0);
  await importUntouched(scene);
  assertEquals(await sessions(scene), { one: "1", two: "2" });
});

Deno.test("importReference() changes nothing in the program's later work", async () => {
  await using scene = newScene(...G1, ONE);
  const program = new DatabaseSync(scene.file);
  program.exec(TWO);
  await scene.import();
  program.exec("DELETE FROM context_session");
  program.close();
  writeSql(scene.file, [ONE]);
  assertEquals(await sessions(scene), { one: "1", two: "2" });
});
