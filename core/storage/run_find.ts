/**
 * Runs `find` and hands over what it says while it runs.
 *
 * @module
 */
import { isAppError } from "../error.ts";
import type { ExitStatus, Host } from "../port/host.ts";
import { readComplaint, VANISHED } from "./read_complaint.ts";
import type { Unreadable } from "./tree_usage.ts";

/** Receives what `find` says. */
export interface FindListener {
  onOutput(piece: Uint8Array<ArrayBuffer>): void;
  onUnreadable(missed: Unreadable): void;
}

/** How `find` ended. */
export interface FindEnd extends ExitStatus {
  /** The first line on stderr that does not name what could not be read; empty when there is none. */
  readonly said: string;
  /** Whether it failed with nothing but what could not be read. */
  readonly isExplained: boolean;
}

/** Runs it to the end; null when there is no such program. What the listener throws ends it. */
export async function runFind(
  { processes }: Pick<Host, "processes">,
  argv: readonly [string, ...string[]],
  listener: FindListener,
): Promise<FindEnd | null> {
  // In this locale messages are the same everywhere, and names in them are quoted in ASCII.
  const child = startOrNull(() => processes.spawn({ argv, env: { LC_ALL: "C" } }));
  if (child === null) return null;
  let said = "";
  let complaints = 0;
  try {
    const [status] = await Promise.all([
      child.status,
      readPieces(child.stdout, (piece) => listener.onOutput(piece)),
      readLines(child.stderr, (line) => {
        const missed = readComplaint(line);
        if (missed === null) said ||= line;
        else complaints++;
        if (missed !== null && missed.reason !== VANISHED) listener.onUnreadable(missed);
      }),
    ]);
    return { ...status, said, isExplained: status.code === 0 || (status.code !== null && complaints > 0) };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function startOrNull<Result>(start: () => Result): Result | null {
  try {
    return start();
  } catch (error) {
    if (isAppError(error, "command_failed") && error.details.missing === true) return null;
    throw error;
  }
}

async function readPieces(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (piece: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  for await (const piece of stream) take(piece);
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  await readPieces(stream, (piece) => {
    const lines = `${rest}${decoder.decode(piece, { stream: true })}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  if (rest !== "") take(rest);
}
