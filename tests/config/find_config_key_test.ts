/** Tests of keys as people type them. @module */
import { assertEquals, assertThrows } from "@std/assert";
import { findConfigKey } from "../../core/config/find_config_key.ts";
import { AppError } from "../../core/error.ts";

Deno.test("findConfigKey() finds keys and suggests the nearest", () => {
  assertEquals(findConfigKey("run.podman_args"), "run.podman_args");
  const error = assertThrows(() => findConfigKey("run.podman_arg"), AppError);
  assertEquals([error.code, error.hint], ["config_key_not_found", "did you mean run.podman_args"]);
  const lost = assertThrows(() => findConfigKey("zebra"), AppError);
  assertEquals(lost.details, { key: "zebra", nearest: null });
  for (const text of ["", "run", "__proto__", "toString"]) assertThrows(() => findConfigKey(text), AppError);
});
