/**
 * What `run.fake` may say.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { parseFakeScript } from "../../../runtimes/fake/fake_script.ts";

Deno.test("parseFakeScript() takes nothing as a container that ends at once with 0", () => {
  const nothing = { exit_code: 0, stdout: "", stderr: "", duration_ms: 0, files: {}, exec: [], fail_on: [] };
  for (const value of [undefined, null, {}]) assertEquals(parseFakeScript(value), nothing);
});

Deno.test("parseFakeScript() takes fail_on as one method or a list", () => {
  assertEquals(parseFakeScript({ fail_on: "create" }).fail_on, ["create"]);
  assertEquals(parseFakeScript({ fail_on: ["wait", "logs"] }).fail_on, ["wait", "logs"]);
});

for (
  const [words, value, place] of [
    ["an unknown key", { exitcode: 1 }, "run.fake"],
    ["an exit code beyond 255", { exit_code: 256 }, "run.fake.exit_code"],
    ["an unknown method", { fail_on: "explode" }, "run.fake.fail_on"],
    ["a negative duration", { duration_ms: -1 }, "run.fake.duration_ms"],
    ["an absolute file path", { files: { "/etc/x": "" } }, "run.fake.files"],
    ["a file path that leaves the workspace", { files: { "a/../../x": "" } }, "run.fake.files"],
  ] as const
) {
  Deno.test(`parseFakeScript() refuses ${words} and names its place`, () => {
    const error = assertThrows(() => parseFakeScript(value), AppError, place);
    assertEquals(error.code, "invalid_value");
  });
}
