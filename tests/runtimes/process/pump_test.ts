/**
 * Output is read whole, and strangers are not waited for.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newMemoryClock } from "../../../core/host/memory_clock.ts";
import { pumpOutput } from "../../../runtimes/process/pump.ts";

type Bytes = Uint8Array<ArrayBuffer>;

function ended(): ReadableStream<Bytes> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

Deno.test("pumpOutput() passes on all that was written, however slow its reader", async () => {
  const clock = newMemoryClock();
  const pieces = ["a", "b", "c"].map((text) => new TextEncoder().encode(text));
  const stdout = ReadableStream.from(pieces);
  let seen = "";
  const output = pumpOutput(clock, { stdout, stderr: ended() }, async (_stream, data) => {
    await clock.sleep(60_000);
    seen += new TextDecoder().decode(data);
  });
  await output.close();
  assertEquals(seen, "abc");
});

Deno.test("pumpOutput() does not wait for a stranger that holds the stream open", async () => {
  const clock = newMemoryClock();
  const stdout = new ReadableStream<Bytes>({ start: (controller) => controller.enqueue(new Uint8Array(3)) });
  let bytes = 0;
  const output = pumpOutput(clock, { stdout, stderr: ended() }, (_stream, data) => {
    bytes += data.length;
  });
  await output.close();
  assertEquals(bytes, 3);
});

Deno.test("pumpOutput() does not listen to a stranger without end", async () => {
  const stdout = new ReadableStream<Bytes>({
    pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
  });
  let pieces = 0;
  const output = pumpOutput(newMemoryClock(), { stdout, stderr: ended() }, async () => {
    pieces++;
    await Promise.resolve();
  });
  await output.close();
  assertEquals(pieces > 0, true);
});
