/**
 * The answer of `podman ps -a --format json`.
 *
 * Tried on 4.3: times are whole seconds, -62135596800 (Go's zero time) for never. `Created` is a number;
 * a text in RFC 3339 is read too.
 *
 * @module
 */
import * as z from "zod/mini";
import { parseAnswer, parseEngineTime } from "./engine_text.ts";

/** One row of the list. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  /** podman's word in lower case. */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  /** 0 when it has no process. */
  readonly pid: number;
  readonly createdAtMicros: number | null;
  readonly startedAtMicros: number | null;
  readonly finishedAtMicros: number | null;
  readonly exitCode: number;
  /**
   * podman has seen the end of the last run. It is reset with every start and, unlike the state and
   * the exit code, not touched when a reboot resets the container.
   */
  readonly endSeen: boolean;
  /** Null unless the list was asked for sizes. */
  readonly writtenBytes: number | null;
}

const Row = z.object({
  Id: z.string(),
  Names: z.array(z.string()),
  State: z.string(),
  Labels: z.nullish(z.record(z.string(), z.string())),
  Image: z.string(),
  Pid: z.number(),
  Created: z.union([z.number(), z.string()]),
  StartedAt: z.number(),
  ExitedAt: z.number(),
  ExitCode: z.number(),
  Exited: z.boolean(),
  Size: z.nullish(z.object({ rwSize: z.number() })),
});

const Rows = z.nullable(z.array(Row));

/** Parses the list; `runtime_failed` when it is not one. */
export function parseContainerList(text: string): ListedContainer[] {
  const rows = parseAnswer("ps", Rows, text) ?? [];
  return rows.map((row) => ({
    id: row.Id,
    name: row.Names[0] ?? "",
    state: row.State.toLowerCase(),
    labels: row.Labels ?? {},
    image: row.Image,
    pid: row.Pid,
    createdAtMicros: typeof row.Created === "string" ? parseEngineTime(row.Created) : fromUnix(row.Created),
    startedAtMicros: fromUnix(row.StartedAt),
    finishedAtMicros: fromUnix(row.ExitedAt),
    exitCode: row.ExitCode,
    endSeen: row.Exited,
    writtenBytes: row.Size?.rwSize ?? null,
  }));
}

function fromUnix(seconds: number): number | null {
  return seconds > 0 ? seconds * 1_000_000 : null;
}
