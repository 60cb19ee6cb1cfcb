/**
 * Which way environment values take.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../../core/error.ts";
import { splitEnv } from "../../../runtimes/podman/split_env.ts";

const READ_BY_PODMAN = [
  ...[
    "HOME",
    "PATH",
    "USER",
    "TMPDIR",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "XDG_RUNTIME_DIR",
    "CONTAINERS_CONF",
  ],
  ...[
    "CONTAINER_HOST",
    "container",
    "_CONTAINERS_USERNS_CONFIGURED",
    "STORAGE_DRIVER",
    "GODEBUG",
    "GOMAXPROCS",
  ],
  ...["http_proxy", "HTTPS_PROXY", "no_proxy", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "NOTIFY_SOCKET"],
  ...["REGISTRY_AUTH_FILE", "DOCKER_CONFIG"],
];

for (const name of READ_BY_PODMAN) {
  Deno.test(`splitEnv() keeps ${name} out of podman's own environment`, () => {
    assertEquals(splitEnv({ [name]: "x" }), { names: [], clientEnv: {}, fileText: `${name}=x\n` });
    const error = assertThrows(() => splitEnv({ [name]: "two\nlines" }), AppError);
    assertEquals([error.code, error.exit], ["invalid_value", 2]);
  });
}

Deno.test("splitEnv() gives every other value exactly", () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^TASK_[A-Z0-9_.-]{0,8}$/), value), (env) => {
    const { names, clientEnv, fileText } = splitEnv(env);
    assertEquals(clientEnv, { ...env });
    assertEquals([...names].sort(), Object.keys(env).sort());
    assertEquals(fileText, null);
  }));
});

Deno.test("splitEnv() refuses names that podman would read as something else", () => {
  for (const name of ["", "A=B", "A*", "#A", "A B", "A\n", "A\0"]) {
    assertEquals(assertThrows(() => splitEnv({ [name]: "x" }), AppError).code, "invalid_value", name);
  }
});

Deno.test("splitEnv() refuses a NUL byte and does not show the value", () => {
  const error = assertThrows(() => splitEnv({ TOKEN: "secret\0" }), AppError);
  assertEquals(error.code, "invalid_value");
  assert(!error.message.includes("secret"));
});
