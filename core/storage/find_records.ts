/**
 * Reads what `findArgv` makes `find` print, as it comes.
 *
 * The records are JSON values with commas between them: read by the engine's own parser, a hundred thousand
 * take a few milliseconds even in a program that has just started.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** Receives the records. */
export interface FindRecordSink {
  /** A regular file; `inode` is `device:inode` when it has several names, else null. */
  file(depth: number, bytes: number, blocks: number, inode: string | null): void;
  /** The files since the last end are all of one tree. */
  endOfTree(): void;
}

/** A record is a few numbers of at most 64 bits. */
const RECORD_CHARS_MAX = 200;

/** Cuts the output into records; it may come in pieces of any size. */
export class FindRecords {
  readonly #sink: FindRecordSink;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(sink: FindRecordSink) {
    this.#sink = sink;
  }

  /** Takes the next piece. `storage_failed` for what is no record. */
  push(piece: Uint8Array<ArrayBuffer>): void {
    const text = this.#rest + this.#decoder.decode(piece, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    this.#rest = text.slice(end);
    if (this.#rest.length > RECORD_CHARS_MAX) throw noRecord(this.#rest);
    this.#read(parseValues(text.slice(0, end)));
  }

  #read(values: readonly unknown[]): void {
    for (let at = 0; at < values.length;) {
      const depth = values[at];
      if (depth === null) {
        this.#sink.endOfTree();
        at++;
        continue;
      }
      const bytes = values[at + 1];
      const blocks = values[at + 2];
      const inode = values[at + 3];
      if (typeof depth !== "number" || typeof bytes !== "number" || typeof blocks !== "number") {
        throw noRecord(JSON.stringify(values.slice(at, at + 4)));
      }
      const isLinked = typeof inode === "string";
      this.#sink.file(depth, bytes, blocks, isLinked ? inode : null);
      at += isLinked ? 4 : 3;
    }
  }
}

/** The values of whole lines, each of which ends in a comma. */
function parseValues(lines: string): unknown[] {
  try {
    const values: unknown = JSON.parse(`[${lines.replace(/,\n$/, "")}]`);
    if (Array.isArray(values)) return values;
  } catch {
    // Told below, with what was printed.
  }
  throw noRecord(lines);
}

function noRecord(text: string): AppError {
  const shown = JSON.stringify(text.slice(0, RECORD_CHARS_MAX));
  return new AppError("storage_failed", `find printed what is no record of a file: ${shown}`);
}
