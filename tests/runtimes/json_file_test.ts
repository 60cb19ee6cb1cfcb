/**
 * State files are whole or named as damaged, whatever fails while they are written.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { readJsonFile, writeJsonFile } from "../../runtimes/json_file.ts";
import { newFaultyHost } from "../support/faulty_host.ts";

const PATH = "/state/a.json";
const asIs = (value: unknown) => value;

Deno.test("readJsonFile() tells absent from damaged", async () => {
  const { files } = newMemoryHost({ files: { [PATH]: '{"cut": ' } });
  assertEquals(await readJsonFile(files, "/state/none.json", asIs), null);
  const error = await assertRejects(() => readJsonFile(files, PATH, asIs), AppError);
  assertEquals([error.code, error.details], ["record_damaged", { file: PATH }]);
});

Deno.test("writeJsonFile() leaves the old or the new content whole, whichever call fails", async () => {
  const counted = newFaultyHost(newMemoryHost({ files: { [PATH]: "1" } }));
  await writeJsonFile(counted, PATH, 2);
  assertEquals(counted.calls > 0, true);
  for (let at = 1; at <= counted.calls; at++) {
    for (const leaving of ["nothing", "half", "all"] as const) {
      const inner = newMemoryHost({ files: { [PATH]: "1" } });
      await assertRejects(
        () => writeJsonFile(newFaultyHost(inner, { at, with: "disk_full", leaving }), PATH, 2),
        AppError,
        "planned",
      );
      assertEquals([1, 2].includes(Number(await readJsonFile(inner.files, PATH, asIs))), true);
      assertEquals((await inner.files.list("/state")).map(({ name }) => name), ["a.json"]);
    }
  }
});
