import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { parseTaskId } from "../../core/identity/task_id.ts";
import { decodeEnv, encodeEnv, readEnv, writeEnv } from "../../core/meta/env_file.ts";

const DIR = "/srv/tasks";
const ID = parseTaskId("q7m2x");

Deno.test("decodeEnv() gives back exact values", () => {
  const anyEnv = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(anyEnv, (values) => assertEquals({ ...decodeEnv(encodeEnv(values), "x") }, { ...values })),
  );
});

Deno.test("decodeEnv() names a damaged file", () => {
  for (const text of ["", "\0\0", '{"A": 1}', "[]", '{"A": "b']) {
    const error = assertThrows(() => decodeEnv(text, "/srv/q7m2x_env"), AppError, "/srv/q7m2x_env");
    assertEquals(error.code, "record_damaged");
  }
});

Deno.test("writeEnv() stores values where only their owner reads them, and leaves no empty file", async () => {
  const host = newMemoryHost();
  host.files.putDir(DIR);
  assertEquals(await readEnv(host.files, DIR, ID), {});
  await writeEnv(host, DIR, ID, { TOKEN: "a\nb" });
  assertEquals(await readEnv(host.files, DIR, ID), { TOKEN: "a\nb" });
  assertEquals((await host.files.info(`${DIR}/q7m2x_env`))?.mode, 0o600);
  await writeEnv(host, DIR, ID, {});
  await writeEnv(host, DIR, ID, {});
  assertEquals(await host.files.list(DIR), []);
});

Deno.test("readEnv() does not take damage for absence", async () => {
  const host = newMemoryHost({ files: { [`${DIR}/q7m2x_env`]: "" } });
  await assertRejects(() => readEnv(host.files, DIR, ID), AppError, "damaged");
});
