/**
 * Where configuration is read from, and where everything is kept unless configuration says otherwise.
 *
 * The XDG Base Directory Specification 0.8: a value that is not absolute is invalid and ignored.
 *
 * @module
 */
import { isAbsolute, join } from "@std/path";
import { AppError } from "../error.ts";
import type { Env } from "../port/host.ts";

/** What {@linkcode resolveRoots} answers. */
export interface Roots {
  /** Directory of config.yml and projects. */
  readonly configDir: string;
  /** The root directory when `paths.root` (flag, `CARREL_ROOT`, files) is not set. */
  readonly rootDefault: string;
}

/**
 * Finds the two directories: configuration in the flag's, `CARREL_CONFIG_DIR` or
 * `$XDG_CONFIG_HOME/carrel` (`~/.config/carrel`); data in `$XDG_DATA_HOME/carrel`
 * (`~/.local/share/carrel`). Throws `invalid_value` when the configuration directory is given but is
 * not absolute.
 *
 * @example
 * ```ts
 * import { resolveRoots } from "./resolve_roots.ts";
 * import { assertEquals } from "@std/assert";
 * const env = { get: () => undefined };
 * assertEquals(resolveRoots({ env, homeDir: "/home/a" }), {
 *   configDir: "/home/a/.config/carrel",
 *   rootDefault: "/home/a/.local/share/carrel",
 * });
 * ```
 */
export function resolveRoots(from: {
  readonly env: Pick<Env, "get">;
  readonly homeDir: string;
  readonly flags?: { readonly configDir?: string | null };
}): Roots {
  const xdg = (name: string, fallback: string) => {
    const value = from.env.get(name) ?? "";
    return join(isAbsolute(value) ? value : join(from.homeDir, fallback), "carrel");
  };
  return {
    configDir: absolute("--config-dir", from.flags?.configDir) ??
      absolute("CARREL_CONFIG_DIR", from.env.get("CARREL_CONFIG_DIR")) ??
      xdg("XDG_CONFIG_HOME", ".config"),
    rootDefault: xdg("XDG_DATA_HOME", ".local/share"),
  };
}

/** A given directory; null when it is unset or blank. */
function absolute(source: string, value: string | null | undefined): string | null {
  if (value == null || value.trim() === "") return null;
  if (isAbsolute(value)) return value;
  throw new AppError("invalid_value", `${source} must be an absolute path, not ${JSON.stringify(value)}`);
}
