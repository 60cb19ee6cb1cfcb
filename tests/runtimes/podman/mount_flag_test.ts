/**
 * Mounts as flags.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import type { Mount } from "../../../core/port/runtime.ts";
import { mountFlag } from "../../../runtimes/podman/mount_flag.ts";

const MOUNT: Mount = { source: "/w", target: "/workspace", readOnly: false, relabel: "none", own: false };

for (
  const [words, overrides, expected] of [
    ["plain", {}, ["-v", "/w:/workspace"]],
    ["read-only", { readOnly: true }, ["-v", "/w:/workspace:ro"]],
    ["for this container alone", { relabel: "private" }, ["-v", "/w:/workspace:Z"]],
    ["shared", { relabel: "shared", readOnly: true }, ["-v", "/w:/workspace:ro,z"]],
    ["a comma in the source", { source: "/a,b" }, ["-v", "/a,b:/workspace"]],
    ["a colon in the source", { source: "/a:b" }, ["--mount", "type=bind,src=/a:b,dst=/workspace"]],
    ["a colon in the target", { target: "/a:b" }, ["--mount", "type=bind,src=/w,dst=/a:b"]],
    [
      "a colon, a comma and a quote",
      { source: '/a:b,c"d', readOnly: true, relabel: "private" },
      ["--mount", 'type=bind,"src=/a:b,c""d",dst=/workspace,ro=true,relabel=private'],
    ],
  ] as const
) {
  Deno.test(`mountFlag() ${words}`, () => {
    assertEquals(mountFlag({ ...MOUNT, ...overrides }), [...expected]);
  });
}

Deno.test("mountFlag() refuses a path that podman would take for a volume", () => {
  for (const overrides of [{ source: "volume" }, { target: "workspace" }]) {
    const error = assertThrows(() => mountFlag({ ...MOUNT, ...overrides }), AppError);
    assertEquals(error.code, "invalid_value");
  }
});
