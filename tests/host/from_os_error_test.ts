import { assertEquals, assertStrictEquals } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { fromOsError } from "../../core/host/from_os_error.ts";

Deno.test("fromOsError() gives each errno name its code", () => {
  const codes = Object.fromEntries(
    ["ENOENT", "EEXIST", "ENOTEMPTY", "EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR", "ELOOP", "EXDEV"]
      .concat(["ENOSPC", "EDQUOT", "EIO", "EMFILE", "ENFILE", "ENAMETOOLONG", "ESTALE"])
      .map((
        code,
      ) => [code, fromOsError(Object.assign(new TypeError("as the system says"), { code }), "x").code]),
  );
  assertEquals(codes, {
    ENOENT: "file_not_found",
    EEXIST: "file_exists",
    ENOTEMPTY: "file_exists",
    EACCES: "permission_denied",
    EPERM: "permission_denied",
    EROFS: "permission_denied",
    EISDIR: "permission_denied",
    ENOTDIR: "permission_denied",
    ELOOP: "permission_denied",
    EXDEV: "cross_device",
    ENOSPC: "disk_full",
    EDQUOT: "disk_full",
    EIO: "storage_failed",
    EMFILE: "storage_failed",
    ENFILE: "storage_failed",
    ENAMETOOLONG: "storage_failed",
    ESTALE: "storage_failed",
  });
});

Deno.test("fromOsError() goes by the class where there is no errno name", () => {
  const code = (error: Error) => fromOsError(error, "x").code;
  assertEquals(code(new Deno.errors.NotFound("gone")), "file_not_found");
  assertEquals(code(new Deno.errors.AlreadyExists("there")), "file_exists");
  assertEquals(code(new Deno.errors.PermissionDenied("no")), "permission_denied");
});

Deno.test("fromOsError() goes by the system's number where there is nothing else", () => {
  const code = (number: number) => fromOsError(new TypeError(`Some words (os error ${number})`), "x").code;
  assertEquals([26, 27, 30, 122].map(code), [
    "permission_denied",
    "storage_failed",
    "permission_denied",
    "disk_full",
  ]);
});

Deno.test("fromOsError() words what it does not know with the system's words", () => {
  const error = fromOsError(new TypeError("strange thing"), "read /a");
  assertEquals([error.code, error.message], ["storage_failed", "cannot read /a: strange thing"]);
});

Deno.test("fromOsError() leaves an AppError as it is", () => {
  const error = new AppError("disk_full", "full");
  assertStrictEquals(fromOsError(error, "x"), error);
});
