/**
 * MD5 against the test suite of RFC 1321 and the one of node:crypto.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { md5Hex } from "../../core/naming/md5.ts";

Deno.test("md5 gives what RFC 1321 says", () => {
  const suite: Record<string, string> = {
    "": "d41d8cd98f00b204e9800998ecf8427e",
    "a": "0cc175b9c0f1b6a831c399e269772661",
    "message digest": "f96b697d7cb7938d525a2f31aaf161d0",
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890":
      "57edf4a22be3c955ac49da2e2107b67a",
  };
  for (const [text, hash] of Object.entries(suite)) assertEquals(md5Hex(text), hash);
});

Deno.test("md5 is right for texts of every length around the ends of blocks, and beyond ASCII", () => {
  for (let length = 0; length < 200; length++) {
    const text = "ü€x".repeat(length).slice(0, length);
    assertEquals(md5Hex(text), createHash("md5").update(text).digest("hex"), `length ${length}`);
  }
});
