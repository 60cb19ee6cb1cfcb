import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { sha256Hex } from "../../core/state/sha256.ts";

Deno.test("sha256Hex() gives the published hashes", () => {
  assertEquals(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assertEquals(
    sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

Deno.test("sha256Hex() agrees with WebCrypto for every length around the block size, and any text", async () => {
  const texts = Array.from({ length: 200 }, (_, length) => "ż".repeat(length / 2) + "x".repeat(length % 2));
  const samples = fc.sample(fc.string({ unit: "binary", maxLength: 300 }), 100);
  for (const text of [...texts, ...samples.map((sample) => sample.toWellFormed())]) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    assertEquals(sha256Hex(text), new Uint8Array(digest).toHex());
  }
});
