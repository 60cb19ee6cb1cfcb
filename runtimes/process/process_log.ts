/**
 * The log file of a running command.
 *
 * @module
 */
import { encodeLogLines } from "../../core/logs/log_line.ts";
import type { Host } from "../../core/port/host.ts";
import type { LogStream } from "../../core/port/runtime.ts";
import type { ProcessSpec } from "./process_record.ts";

const MODE = 0o600;

/** Appends output as it comes, each piece with its stream and its time. */
export class ProcessLog {
  readonly #host: Pick<Host, "clock" | "files">;
  readonly #spec: Pick<ProcessSpec, "log_path" | "log_max_bytes">;
  #last: Promise<void> = Promise.resolve();

  constructor(host: Pick<Host, "clock" | "files">, spec: Pick<ProcessSpec, "log_path" | "log_max_bytes">) {
    this.#host = host;
    this.#spec = spec;
  }

  /** Writes one piece after all earlier ones. Fails with the storage codes of `Files`. */
  append(stream: LogStream, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const time = new Date(this.#host.clock.nowMicros() / 1000).toISOString();
    const lines = encodeLogLines({ stream, time, data });
    const written = this.#last.then(() => this.#write(lines));
    this.#last = written.catch(() => {});
    return written;
  }

  async #write(lines: Uint8Array): Promise<void> {
    const { files } = this.#host;
    const { log_path, log_max_bytes } = this.#spec;
    if (log_max_bytes !== null) {
      const sizeBytes = (await files.info(log_path))?.sizeBytes ?? 0;
      // One older file is kept; what was in it before goes.
      if (sizeBytes > 0 && sizeBytes + lines.length > log_max_bytes) {
        await files.rename(log_path, `${log_path}.1`);
      }
    }
    await files.append(log_path, lines, { mode: MODE });
  }
}
