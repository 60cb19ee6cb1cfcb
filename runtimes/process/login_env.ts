/**
 * The environment of a container as a file that a shell reads, so that no value stands on an argv.
 *
 * @module
 */

/** Names that a shell can export. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A POSIX sh script that exports the variables. Names that no shell can export are left out.
 *
 * @example
 * ```ts
 * import { loginEnvScript } from "./login_env.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(loginEnvScript({ A: "it's", "no-name": "x" }), "export A='it'\\''s'\n");
 * ```
 */
export function loginEnvScript(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name]) => SHELL_NAME.test(name))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");
}
