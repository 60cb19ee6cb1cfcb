import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LogDecoder } from "../../core/logs/log_decoder.ts";
import { concatBytes, encodeLogLines, readLogHeader } from "../../core/logs/log_line.ts";
import type { LogChunk, LogStream } from "../../core/port/runtime.ts";

const TIME = "2026-11-21T08:40:32.103546455+00:00";
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

/** Decodes a file given in blocks. */
function decode(...blocks: Uint8Array[]): LogChunk[] {
  const decoder = new LogDecoder();
  return [...blocks.flatMap((block) => decoder.push(block)), ...decoder.end()];
}

/** The pieces as text, for reading. */
function read(content: string): [LogStream, string | null, string][] {
  return decode(bytes(content)).map(({ stream, time, data }) => [stream, time, text(data)]);
}

function joined(chunks: readonly LogChunk[], stream: LogStream): Uint8Array {
  return concatBytes(chunks.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.data));
}

Deno.test("LogDecoder reads what conmon wrote for printf 'out\\npartial'; echo err >&2", () => {
  const file = `${TIME} stdout F out
${TIME} stdout P partial
2026-11-21T08:40:32.103617812+00:00 stderr F err
`;
  assertEquals(read(file), [
    ["stdout", TIME, "out\n"],
    ["stdout", TIME, "partial"],
    ["stderr", "2026-11-21T08:40:32.103617812+00:00", "err\n"],
  ]);
});

Deno.test("LogDecoder tells an empty line from the bare F that ends a stream within a line", () => {
  assertEquals(read(`${TIME} stdout P a\n${TIME} stdout F \n${TIME} stdout P b\n${TIME} stdout F\n`), [
    ["stdout", TIME, "a"],
    ["stdout", TIME, "\n"],
    ["stdout", TIME, "b"],
  ]);
});

Deno.test("LogDecoder keeps data that looks like a header, carriage returns and broken UTF-8", () => {
  const odd = concatBytes([bytes(`${TIME} stdout F x\r`), Uint8Array.of(0xff, 0, 0xc3)]);
  const chunks = decode(bytes(`${TIME} stdout F `), odd, bytes("\n"));
  assertEquals(joined(chunks, "stdout"), concatBytes([odd, bytes("\n")]));
});

Deno.test("LogDecoder gives out torn data and drops a torn header", () => {
  assertEquals(read(`${TIME} stdout F a\n${TIME} stderr F to`), [["stdout", TIME, "a\n"], [
    "stderr",
    TIME,
    "to",
  ]]);
  for (
    const torn of [
      TIME.slice(0, 9),
      TIME,
      `${TIME} stdo`,
      `${TIME} stdout`,
      `${TIME} stdout F`,
      `${TIME} stdout F `,
    ]
  ) {
    assertEquals(read(`${TIME} stdout F a\n${torn}`), [["stdout", TIME, "a\n"]], torn);
  }
});

Deno.test("LogDecoder passes lines that lost their header through unchanged", () => {
  assertEquals(read(`${TIME} stdout F a\n\0\0\0\n${TIME} stdin F b\n${TIME} stderr F c\n`), [
    ["stdout", TIME, "a\n"],
    ["stdout", null, "\0\0\0\n"],
    ["stdout", null, `${TIME} stdin F b\n`],
    ["stderr", TIME, "c\n"],
  ]);
});

Deno.test("LogDecoder passes the reference's untagged captures through unchanged", () => {
  for (
    const file of [
      `${TIME} hello\n${TIME} stdout\n${TIME} stdout F later lines do not count\n`,
      "plain\ntext",
      "\n\n",
      "\0\u0001",
    ]
  ) {
    const chunks = decode(bytes(file));
    assertEquals(text(joined(chunks, "stdout")), file);
    assert(chunks.every(({ stream, time }) => stream === "stdout" && time === null));
  }
  assertEquals(read(""), []);
});

const anyData = fc.uint8Array({ maxLength: 40 }).map((data) =>
  data.map((byte) => byte % 5 === 0 ? 0x0a : byte)
);
const anyStream = fc.constantFrom<LogStream>("stdout", "stderr");

/** Cuts bytes at arbitrary places. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.subarray(index === 0 ? 0 : ends[index - 1], end));
}

Deno.test("LogDecoder gives back the exact bytes of both streams, however output and file are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ stream: anyStream, data: anyData }), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (output, places) => {
        const file = concatBytes(
          output.map(({ stream, data }) => encodeLogLines({ stream, time: TIME, data })),
        );
        const chunks = decode(...cut(file, places));
        for (const stream of ["stdout", "stderr"] as const) {
          const expected = concatBytes(
            output.filter((part) => part.stream === stream).map((part) => part.data),
          );
          assertEquals(joined(chunks, stream), expected);
        }
        assertEquals(chunks, decode(file));
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("LogDecoder loses no byte of an untagged file, however it is cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 12 }), (file, places) => {
      fc.pre(readLogHeader(file) === null);
      assertEquals(joined(decode(...cut(file, places)), "stdout"), new Uint8Array(file));
    }),
  );
});

Deno.test("LogDecoder holds back no more than a bounded part of an endless line", () => {
  const decoder = new LogDecoder();
  const part = new Uint8Array(10_000).fill(0x61);
  let given = decoder.push(bytes(`${TIME} stderr F `)).length;
  let held = 0;
  for (let round = 1; round <= 100; round++) {
    const chunks = decoder.push(part);
    given += chunks.reduce((sum, { data }) => sum + data.length, 0);
    assert(chunks.every(({ stream, time }) => stream === "stderr" && time === TIME));
    held = Math.max(held, round * part.length - given);
  }
  assert(held <= 64 * 1024, `${held}`);
  const rest = [...decoder.push(bytes(`b\n${TIME} stdout F c\n`)), ...decoder.end()];
  assertEquals(given + joined(rest, "stderr").length, 100 * part.length + 2);
  assertEquals(text(joined(rest, "stdout")), "c\n");
});

Deno.test("encodeLogLines() of nothing is nothing", () => {
  assertEquals(encodeLogLines({ stream: "stdout", time: TIME, data: new Uint8Array() }).length, 0);
});
