import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { InodeSet } from "../../core/storage/inode_set.ts";

Deno.test("InodeSet tells inodes apart as their text does, however large they are", () => {
  const inode = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 2n ** 63n, max: 2n ** 63n + 4n }),
    fc.bigInt({ min: 0n, max: 4n }),
  );
  const key = fc.tuple(fc.constantFrom(1, 2, 2049), inode).map((parts) => parts.join(":"));
  fc.assert(fc.property(fc.array(key), (keys) => {
    const seen = new InodeSet();
    const texts = new Set<string>();
    for (const each of keys) {
      assertEquals(seen.add(each), !texts.has(each), each);
      texts.add(each);
    }
  }));
});
