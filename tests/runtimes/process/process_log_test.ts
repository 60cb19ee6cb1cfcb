/**
 * The log of a command keeps its order and its limit.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import { ProcessLog } from "../../../runtimes/process/process_log.ts";

const LOG = "/logs/container.log";
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("ProcessLog keeps the order in which the pieces came", async () => {
  const host = newMemoryHost();
  host.files.putDir("/logs");
  const log = new ProcessLog(host, { log_path: LOG, log_max_bytes: null });
  await Promise.all([
    log.append("stdout", bytes("1\n")),
    log.append("stderr", bytes("2")),
    log.append("stdout", bytes("3\n")),
  ]);
  const lines = (await host.files.readText(LOG)).split("\n");
  assertMatch(lines[0] ?? "", /^2026-01-01T00:00:00\.\d{3}Z stdout F 1$/);
  assertEquals(lines.map((line) => line.split(" ").slice(1).join(" ")), [
    "stdout F 1",
    "stderr P 2",
    "stdout F 3",
    "",
  ]);
});

Deno.test("ProcessLog keeps one older file when the limit is reached", async () => {
  const host = newMemoryHost();
  host.files.putDir("/logs");
  const log = new ProcessLog(host, { log_path: LOG, log_max_bytes: 100 });
  for (let index = 0; index < 10; index++) await log.append("stdout", bytes(`${index}\n`));
  assertEquals((await host.files.list("/logs")).map(({ name }) => name), [
    "container.log",
    "container.log.1",
  ]);
  for (const path of [LOG, `${LOG}.1`]) assertEquals((await host.files.info(path))!.sizeBytes <= 100, true);
  assertMatch(await host.files.readText(LOG), /F 9\n$/);
});
