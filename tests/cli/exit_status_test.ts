import { assert } from "@std/assert";
import { EXIT_STATUS } from "../../core/cli/exit_status.ts";
import { ERROR_CODES } from "../../core/error.ts";

Deno.test("EXIT_STATUS explains the status of every error code", () => {
  const explained = new Set(EXIT_STATUS.map(({ status }) => status));
  for (const [code, { exit }] of Object.entries(ERROR_CODES)) {
    assert(explained.has(`${exit}`), `${code}: ${exit}`);
  }
});
