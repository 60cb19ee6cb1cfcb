import { assert, assertEquals } from "@std/assert";
import { EXIT_STATUS } from "../../core/cli/exit_status.ts";
import { ERROR_CODES } from "../../core/error.ts";

Deno.test("EXIT_STATUS explains the status of every error code", () => {
  const explained = new Set(EXIT_STATUS.map(({ status }) => status));
  for (const [code, { exit }] of Object.entries(ERROR_CODES)) {
    assert(explained.has(exit > 128 ? "128+N" : `${exit}`), `${code}: ${exit}`);
  }
});

Deno.test("EXIT_STATUS and the table of README.md list the same statuses", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, section = ""] = readme.split("\n## Exit codes\n");
  const [table = ""] = section.split("\n## ");
  const listed = [...table.matchAll(/^\| (\d\S*) +\|/gm)].flatMap(([, status = ""]) => expand(status));
  assertEquals(listed, EXIT_STATUS.map(({ status }) => status));
});

/** `125-127` as the statuses that it spans. */
function expand(status: string): string[] {
  const [first = "", last] = status.split("-");
  if (last === undefined) return [first];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => String(Number(first) + at));
}
