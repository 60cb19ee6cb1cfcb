/** Tests of mounts and paths. @module */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { checkMountTarget, parseAbsolutePath, parseMount } from "../../core/config/parse_mount.ts";
import { AppError } from "../../core/error.ts";

Deno.test("parseMount() reads source, target and access", () => {
  assertEquals(parseMount("/srv/data:/data"), { source: "/srv/data", target: "/data", readOnly: false });
  assertEquals(parseMount("/srv/data:/data:ro"), { source: "/srv/data", target: "/data", readOnly: true });
  assertEquals(parseMount("/srv//x/:/data/../d/:rw"), { source: "/srv/x", target: "/d", readOnly: false });
});

Deno.test("parseMount() refuses what is no mount", () => {
  for (const text of ["", "/a", "/a:", ":/b", "a:/b", "/a:b", "/a:/b:z", "/a:/b:ro:x", "./a:/b", "/a:/"]) {
    assertEquals(assertThrows(() => parseMount(text), AppError).code, "invalid_value", text);
  }
});

Deno.test("parseMount() refuses ~ and says why", () => {
  const error = assertThrows(() => parseMount("~/data:/data"), AppError);
  assertStringIncludes(error.hint ?? "", "~ is not expanded");
});

Deno.test("checkMountTarget() keeps carrel's own places free", () => {
  for (
    const target of [
      "/",
      "//",
      "/workspace",
      "/workspace/",
      "/x/../workspace",
      "/home/dev/.terok",
      "/home/dev/.terok/prompt.txt",
      "/upstream",
      "/upstream/x",
    ]
  ) assertThrows(() => checkMountTarget(target), AppError, undefined, target);
  for (
    const target of ["/workspace/node_modules", "/workspace2", "/home/dev", "/home/dev/.terok2", "/data"]
  ) {
    assertEquals(checkMountTarget(target), target);
  }
});

Deno.test("parseAbsolutePath() normalises and refuses relative paths", () => {
  assertEquals(parseAbsolutePath("/a/./b/../c/"), "/a/c");
  assertEquals(parseAbsolutePath("/"), "/");
  for (const text of ["", "a", "./a", "~", "~root/x"]) {
    assertThrows(() => parseAbsolutePath(text), AppError, "is not an absolute path");
  }
});
