/**
 * Users of images.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { needsAccounts, resolveUser } from "../../../runtimes/podman/container_user.ts";
import { firstTarText } from "../../../runtimes/podman/tar_text.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\ndev:x:1234:2345::/home/dev:/bin/sh\nbroken:x\n";
const GROUP = "root:x:0:\nstaff:x:50:dev\n";

for (
  const [user, uid, gid] of [
    ["", 0, 0],
    ["root", 0, 0],
    ["0", 0, 0],
    ["dev", 1234, 2345],
    ["1234", 1234, 2345],
    ["77", 77, 0],
    ["77:88", 77, 88],
    ["dev:88", 1234, 88],
    ["dev:staff", 1234, 50],
    ["77:staff", 77, 50],
    ["dev:", 1234, 2345],
  ] as const
) {
  Deno.test(`resolveUser() "${user}" is ${uid}:${gid}`, () => {
    assertEquals(resolveUser(user, PASSWD, GROUP), { uid, gid });
  });
}

Deno.test("resolveUser() of a name that the image lacks is invalid_value", () => {
  for (const user of ["nobody", "dev:nogroup", "broken"]) {
    assertEquals(assertThrows(() => resolveUser(user, PASSWD, GROUP), AppError).code, "invalid_value", user);
  }
});

Deno.test("needsAccounts() is false only where the ids stand in the text", () => {
  for (const user of ["", "root", "0", "0:0", "77:88"]) assertEquals(needsAccounts(user), false, user);
  for (const user of ["dev", "77", "77:staff", "dev:88"]) assertEquals(needsAccounts(user), true, user);
});

/** A ustar entry: the header fields that are read, and the content in whole blocks. */
function tarEntry(type: string, content: string): Uint8Array {
  const data = new TextEncoder().encode(content);
  const entry = new Uint8Array(512 + Math.ceil(data.length / 512) * 512);
  entry.set(new TextEncoder().encode(data.length.toString(8).padStart(11, "0")), 124);
  entry.set(new TextEncoder().encode(type), 156);
  entry.set(data, 512);
  return entry;
}

Deno.test("firstTarText() reads the file behind extended headers", () => {
  const tar = [
    ...tarEntry("x", "30 mtime=1795251626.123456789\n"),
    ...tarEntry("0", PASSWD),
    ...new Uint8Array(1024),
  ];
  assertEquals(firstTarText(new Uint8Array(tar)), PASSWD);
});

Deno.test("firstTarText() of no file is empty", () => {
  assertEquals(firstTarText(new Uint8Array()), "");
  assertEquals(firstTarText(tarEntry("2", "")), "");
  assertEquals(firstTarText(new TextEncoder().encode("no tar")), "");
});
