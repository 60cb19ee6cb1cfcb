import { assert, assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { APPLICATION_ID } from "../../../core/state/sqlite/schema_version.ts";
import { G1 } from "./reference_schemas.ts";
import { filesBelow, newScene, type Scene } from "./scene.ts";

/** The refusal of the scene's file, for real and in a dry run; nothing may have changed, and nothing be left. */
async function refusal(scene: Scene): Promise<StorageError> {
  const before = filesBelow(scene.dir);
  const errors: StorageError[] = [];
  for (const dryRun of [true, false]) {
    errors.push(await assertRejects(() => scene.import({ dryRun, timeoutMs: 0 }), StorageError));
    assertEquals(filesBelow(scene.dir), before);
  }
  const [rehearsed, real] = errors;
  assert(rehearsed !== undefined && real !== undefined);
  assertEquals([rehearsed.message, rehearsed.details], [real.message, real.details]);
  return real;
}

/** Makes a file that is refused, and the sentence that says why. */
const REFUSED: Readonly<
  Record<string, readonly [make: (scene: Scene) => void, reason: string, message: string]>
> = {
  "one that is not there": [() => {}, "not_found", "there is no file FILE"],
  "a link to nowhere": [
    ({ file }) => Deno.symlinkSync("nowhere", file),
    "not_found",
    "there is no file FILE",
  ],
  "a directory": [({ file }) => Deno.mkdirSync(file), "not_a_file", "FILE is not a file"],
  "an empty one": [({ file }) => Deno.writeTextFileSync(file, ""), "empty", "FILE is empty"],
  "a text": [
    ({ file }) => Deno.writeTextFileSync(file, "to whom it may concern\n".repeat(300)),
    "not_a_database",
    "FILE is no SQLite database",
  ],
  "a short one": [
    ({ file }) => Deno.writeTextFileSync(file, "SQLite"),
    "not_a_database",
    "FILE is no SQLite database",
  ],
  "a database without tables": [
    ({ write }) => write("PRAGMA user_version = 1", "VACUUM"),
    "foreign",
    "FILE is a database that another program made",
  ],
  "another program's": [
    ({ write }) =>
      write("CREATE TABLE orders (item TEXT)", "CREATE VIEW agent_registry AS SELECT 1 AS contract"),
    "foreign",
    "FILE is a database that another program made",
  ],
  "one of ours": [
    ({ write }) => write(...G1, `PRAGMA application_id = ${APPLICATION_ID}`),
    "ours",
    "FILE is a state store of carrel, not one of the reference",
  ],
};
for (const [name, [make, reason, message]] of Object.entries(REFUSED)) {
  Deno.test(`importReference() refuses ${name}`, async () => {
    await using scene = newScene();
    make(scene);
    const error = await refusal(scene);
    assertEquals([error.code, error.exit], ["storage_failed", 10]);
    assertEquals([error.details.reason, error.details.path], [reason, scene.file]);
    assertEquals(error.message.replace(scene.file, "FILE"), message);
    assertEquals(error.hint, "give a SQLite file that the reference has written");
  });
}

Deno.test("importReference() refuses our own database, also by another name", async () => {
  await using scene = newScene();
  await (await scene.open()).close();
  for (const make of [Deno.symlinkSync, Deno.linkSync]) {
    make(scene.stateDb, scene.file);
    assertEquals((await refusal(scene)).details.reason, "ours");
    Deno.removeSync(scene.file);
  }
});

/** Ways to damage a database of several pages of 4096 bytes. */
const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  "lost its end": (file) => Deno.truncateSync(file, 5 * 4096),
  "has a page of other bytes": (file) => overwrite(file, 6 * 4096, new Uint8Array(4096).fill(0xa5)),
  "lost its list of tables": (file) => overwrite(file, 100, new Uint8Array(3996).fill(0xa5)),
};
for (const [name, damage] of Object.entries(DAMAGES)) {
  Deno.test(`importReference() refuses a database that ${name}`, async () => {
    await using scene = newScene(...G1);
    scene.write(
      `INSERT INTO context_session (dfid, data)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        SELECT i, '"${"x".repeat(200)}"' FROM n`,
    );
    damage(scene.file);
    const error = await refusal(scene);
    assertEquals([error.code, error.details.reason, error.details.path], [
      "storage_failed",
      "damaged",
      scene.file,
    ]);
    assert(error.message.includes(scene.file), error.message);
  });
}

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const all = Deno.readFileSync(file);
  all.set(bytes, at);
  Deno.writeFileSync(file, all);
}

Deno.test("importReference() refuses a state store of ours that it cannot use", async () => {
  await using scene = newScene(...G1);
  await (await scene.open()).close();
  const newer = new Uint8Array([0, 0, 0x7f, 0xff]);
  overwrite(scene.stateDb, 60, newer);
  for (const dryRun of [true, false]) {
    const error = await assertRejects(() => scene.import({ dryRun }), StorageError);
    assertEquals([error.details.reason, error.details.path], ["newer_schema", scene.stateDb]);
  }
});

Deno.test("importReference() has no place for its copy: an error of its own", async () => {
  await using scene = newScene(...G1);
  Deno.removeSync(`${scene.dir}/tmp`);
  const error = await assertRejects(() => scene.import(), StorageError);
  assertEquals(error.code, "storage_failed");
  assert(error.message.includes(`${scene.dir}/tmp/carrel-`), error.message);
});
