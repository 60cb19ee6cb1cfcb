/**
 * How environment values reach a container without standing on an argv.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";

/** The two ways that values take. */
export interface SplitEnv {
  /** Names for `--env NAME`; podman takes the exact value from its own environment. */
  readonly names: readonly string[];
  /** What to add to podman's own environment. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Content of an `--env-file`; null when none is needed. */
  readonly fileText: string | null;
}

// Read by podman, its dynamic loader or a program that it starts: a value meant for the container would
// change what these do.
const CLIENT_NAMES = new RegExp(
  "^(HOME|PATH|USER|LOGNAME|SHELL|PWD|TMPDIR|TMP|TEMP|TZ|TERM|LANG|LANGUAGE|NOTIFY_SOCKET|" +
    "REGISTRY_AUTH_FILE|INVOCATION_ID|GLIBC_TUNABLES)$|" +
    "^(LD_|LC_|LISTEN_|XDG_|_?CONTAINER|_?OCI|STORAGE_|GO|DBUS_|SSH_|SSL_|DOCKER_|BUILDAH_|PODMAN_|" +
    "LIBPOD_|NETAVARK|CNI_|MALLOC_|NSS_|SYSTEMD_)|_proxy$",
  "i",
);

// `=` ends a name, a final `*` makes podman copy every variable that begins so, `#` begins a comment.
// deno-lint-ignore no-control-regex
const NAME = /^[^\u0000-\u0020=*#\u007f][^\u0000-\u0020=*\u007f]*$/;

/**
 * Splits an environment. Names that podman itself, its loader or its helpers read go through a file,
 * which holds one line for each; all others keep their exact value. `invalid_value` for a name that cannot be
 * given, a NUL byte, or a line break in a value that goes through the file.
 *
 * @example
 * ```ts
 * import { splitEnv } from "./split_env.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(splitEnv({ NOTE: "two\nlines", PATH: "/bin" }), {
 *   names: ["NOTE"],
 *   clientEnv: { NOTE: "two\nlines" },
 *   fileText: "PATH=/bin\n",
 * });
 * ```
 */
export function splitEnv(env: Readonly<Record<string, string>>): SplitEnv {
  const clientEnv: Record<string, string> = {};
  let fileText = "";
  for (const [name, value] of Object.entries(env)) {
    if (!NAME.test(name)) {
      throw new AppError("invalid_value", `${JSON.stringify(name)} cannot name a variable`);
    }
    if (value.includes("\0")) throw new AppError("invalid_value", `the value of ${name} has a NUL byte`);
    if (!CLIENT_NAMES.test(name)) {
      clientEnv[name] = value;
    } else if (/[\r\n]/.test(value)) {
      throw new AppError("invalid_value", `the value of ${name} has a line break`, {
        hint: "podman reads this variable itself, so its value travels as one line of a file",
      });
    } else {
      fileText += `${name}=${value}\n`;
    }
  }
  return { names: Object.keys(clientEnv), clientEnv, fileText: fileText === "" ? null : fileText };
}
