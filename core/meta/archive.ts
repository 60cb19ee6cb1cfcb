/**
 * Archives of deleted tasks: the names of their directories and their `task.json`.
 *
 * A directory is named `<stamp>_<id>` or `<stamp>_<id>_<name>`, its stamp being the time of deletion in
 * UTC with six digits of microseconds: `20260914T101530004211Z`.
 *
 * @module
 */
import { parseJsonObject } from "./dossier.ts";
import { formatTimestamp, parseTimestamp, timeParts } from "./time.ts";

const STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{6})Z$/;
const FILE_NAME_BYTES_MAX = 255;
/** Room for `_1`, `_2`... behind a name that is taken. */
const SUFFIX_BYTES = 5;
/** Never archived: they would open what is gone, or describe the deletion itself. */
const DROPPED_KEYS = ["web_token", "gate_token", "deleting", "purging"];

/** The parts of an archive directory's name. */
export interface ArchiveName {
  /** The stamp as it stands in the name. */
  readonly archivedAt: string;
  readonly taskId: string;
  /** The task's name; a number put behind it when the name was taken stays part of it. Null = none. */
  readonly name: string | null;
}

/**
 * Writes the stamp of a time in microseconds since the epoch.
 *
 * @example
 * ```ts
 * import { formatArchiveStamp } from "./archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatArchiveStamp(1_789_380_930_004_211), "20260914T101530004211Z");
 * ```
 */
export function formatArchiveStamp(micros: number): string {
  const { date, time, fraction } = timeParts(micros);
  return `${date.replaceAll("-", "")}T${time.replaceAll(":", "")}${fraction}Z`;
}

/**
 * Reads a stamp as RFC 3339; null when it is none.
 *
 * @example
 * ```ts
 * import { archiveStampToTimestamp } from "./archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(archiveStampToTimestamp("20260914T101530004211Z"), "2026-09-14T10:15:30.004211+00:00");
 * ```
 */
export function archiveStampToTimestamp(stamp: string): string | null {
  const micros = parseArchiveStamp(stamp);
  return micros === null ? null : formatTimestamp(micros);
}

/** Reads a stamp as microseconds since the epoch; null when it is none. */
export function parseArchiveStamp(stamp: string): number | null {
  return STAMP.test(stamp) ? parseTimestamp(stamp.replace(STAMP, "$1-$2-$3T$4:$5:$6.$7Z")) : null;
}

/**
 * The name of a task's archive directory. A name that cannot be part of one (a slash, too long) is left
 * out; `task.json` has it anyway.
 *
 * @example
 * ```ts
 * import { formatArchiveName } from "./archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   formatArchiveName("20260914T101530004211Z", "q7m2x", "prune-old-branches"),
 *   "20260914T101530004211Z_q7m2x_prune-old-branches",
 * );
 * ```
 */
export function formatArchiveName(stamp: string, id: string, name: string | null): string {
  const short = `${stamp}_${id}`;
  if (!name || /[/\\\0]/.test(name)) return short;
  const full = `${short}_${name}`;
  return new TextEncoder().encode(full).length + SUFFIX_BYTES > FILE_NAME_BYTES_MAX ? short : full;
}

/**
 * Takes an archive directory's name apart; null when it is no such name.
 *
 * @example
 * ```ts
 * import { parseArchiveName } from "./archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseArchiveName("20260914T101530004211Z_q7m2x_my_task"), {
 *   archivedAt: "20260914T101530004211Z",
 *   taskId: "q7m2x",
 *   name: "my_task",
 * });
 * ```
 */
export function parseArchiveName(directory: string): ArchiveName | null {
  const [archivedAt = "", taskId = "", ...rest] = directory.split("_");
  if (parseArchiveStamp(archivedAt) === null || taskId === "") return null;
  return { archivedAt, taskId, name: rest.join("_") || null };
}

/**
 * Writes `task.json`: the merged record without tokens and without the mark of its deletion.
 *
 * @example
 * ```ts
 * import { encodeArchiveRecord } from "./archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodeArchiveRecord({ mode: "web", web_token: "secret" }), '{\n  "mode": "web"\n}\n');
 * ```
 */
export function encodeArchiveRecord(map: Readonly<Record<string, unknown>>): string {
  const kept = Object.entries(map).filter(([key]) => !DROPPED_KEYS.includes(key));
  return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
}

/**
 * Reads `task.json`, giving the newer reference's `project_name` as `project_id`. Throws `record_damaged`,
 * naming `path`.
 *
 * @example
 * ```ts
 * import { decodeArchiveRecord } from "./archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(decodeArchiveRecord('{"project_name": "orchard"}', "task.json"), { project_id: "orchard" });
 * ```
 */
export function decodeArchiveRecord(text: string, path: string): Record<string, unknown> {
  const { project_name, ...map } = parseJsonObject(text, path);
  return project_name === undefined ? map : { project_id: project_name, ...map };
}
