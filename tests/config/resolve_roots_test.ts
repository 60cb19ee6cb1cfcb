/** Tests of the two directories. @module */
import { assertEquals, assertThrows } from "@std/assert";
import { resolveRoots } from "../../core/config/resolve_roots.ts";
import { AppError } from "../../core/error.ts";

function rootsOf(variables: Record<string, string>, configDir: string | null = null) {
  const env = { get: (name: string) => new Map(Object.entries(variables)).get(name) };
  return resolveRoots({ env, homeDir: "/home/a", flags: { configDir } });
}

const HOME = { configDir: "/home/a/.config/carrel", rootDefault: "/home/a/.local/share/carrel" };

Deno.test("resolveRoots() follows the XDG variables when they are absolute", () => {
  assertEquals(rootsOf({}), HOME);
  assertEquals(rootsOf({ XDG_CONFIG_HOME: "/c", XDG_DATA_HOME: "/d" }), {
    configDir: "/c/carrel",
    rootDefault: "/d/carrel",
  });
  assertEquals(rootsOf({ XDG_CONFIG_HOME: "c", XDG_DATA_HOME: "" }), HOME);
});

Deno.test("resolveRoots() prefers the flag to the variable to XDG", () => {
  const variables = { CARREL_CONFIG_DIR: "/mine", XDG_CONFIG_HOME: "/c" };
  assertEquals(rootsOf(variables).configDir, "/mine");
  assertEquals(rootsOf(variables, "/flag").configDir, "/flag");
  assertEquals(rootsOf({ CARREL_CONFIG_DIR: " " }), HOME);
});

Deno.test("resolveRoots() refuses a relative configuration directory by name", () => {
  assertThrows(
    () => rootsOf({ CARREL_CONFIG_DIR: "mine" }),
    AppError,
    "CARREL_CONFIG_DIR must be an absolute path",
  );
  assertThrows(() => rootsOf({}, "mine"), AppError, "--config-dir must be an absolute path");
});
