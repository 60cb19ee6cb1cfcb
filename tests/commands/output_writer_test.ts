/**
 * Output on its way into JSON.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ChunkEncoder, type ChunkItem } from "../../core/commands/output_writer.ts";
import type { LogStream } from "../../core/port/runtime.ts";

const STREAMS: readonly LogStream[] = ["stdout", "stderr"];

/** Both streams' bytes, each cut where the numbers say, one piece of each in turn. */
function encodeCut(bytes: readonly Uint8Array<ArrayBuffer>[], cuts: readonly number[]): ChunkItem[] {
  const encoder = new ChunkEncoder();
  const items: ChunkItem[] = [];
  const ends = [...new Set(cuts), Infinity].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    for (const [at, stream] of STREAMS.entries()) {
      const data = (bytes[at] ?? new Uint8Array()).slice(start, end);
      if (data.length > 0) items.push(...encoder.encode({ stream, time: null, data }));
    }
    start = end;
  }
  return [...items, ...encoder.end()];
}

const cuts = fc.array(fc.nat({ max: 40 }));

Deno.test("ChunkEncoder makes text of UTF-8, wherever the pieces end", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(fc.property(fc.tuple(text, text), cuts, (texts, cuts) => {
    const items = encodeCut(texts.map((each) => new TextEncoder().encode(each)), cuts);
    assertEquals(items.filter(({ encoding }) => encoding !== undefined), []);
    for (const [at, stream] of STREAMS.entries()) {
      const said = items.filter((item) => item.stream === stream).map(({ data }) => data).join("");
      assertEquals(said, texts[at]);
    }
  }));
});

Deno.test("ChunkEncoder keeps every byte of what is no UTF-8", () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => new Uint8Array(each));
  fc.assert(fc.property(fc.tuple(bytes, bytes), cuts, (given, cuts) => {
    const items = encodeCut(given, cuts);
    for (const [at, stream] of STREAMS.entries()) {
      const said = items.filter((item) => item.stream === stream).flatMap(({ data, encoding }) => [
        ...(encoding === undefined ? new TextEncoder().encode(data) : Uint8Array.fromBase64(data)),
      ]);
      assertEquals(said, [...(given[at] ?? [])]);
    }
  }));
});

Deno.test("ChunkEncoder holds back no more than the bytes that begin a character, and says them at the end", () => {
  const encoder = new ChunkEncoder();
  const encode = (...bytes: number[]) =>
    encoder.encode({ stream: "stdout", time: "now", data: new Uint8Array(bytes) });
  assertEquals(encode(0x61, 0xe2, 0x82), [{ stream: "stdout", time: "now", data: "a" }]);
  assertEquals(encode(0xac), [{ stream: "stdout", time: "now", data: "€" }]);
  // 0xff begins nothing: there is nothing to wait for.
  assertEquals(encode(0xff), [{ stream: "stdout", time: "now", data: "/w==", encoding: "base64" }]);
  assertEquals(encode(0xf0, 0x9f, 0x98), []);
  assertEquals(encoder.end(), [{ stream: "stdout", time: "now", data: "8J+Y", encoding: "base64" }]);
  assertEquals(encoder.end(), []);
});
