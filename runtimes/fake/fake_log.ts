/**
 * The log of a simulated container.
 *
 * @module
 */
import { encodeLogLines } from "../../core/logs/log_line.ts";
import type { Files } from "../../core/port/host.ts";
import type { FakeBehaviour } from "./fake_script.ts";

/** Appends the scripted output to the log, all of it at this time. */
export async function writeFakeLog(
  files: Pick<Files, "append">,
  path: string,
  behaviour: Pick<FakeBehaviour, "stdout" | "stderr">,
  atMicros: number,
): Promise<void> {
  const time = new Date(atMicros / 1000).toISOString();
  const encoder = new TextEncoder();
  for (const stream of ["stdout", "stderr"] as const) {
    const data = encoder.encode(behaviour[stream]);
    if (data.length > 0) await files.append(path, encodeLogLines({ stream, time, data }), { mode: 0o600 });
  }
}
