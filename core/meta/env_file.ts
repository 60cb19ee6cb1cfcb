/**
 * Values given with `--env`, kept beside a record so that a container can be made again: `<id>_env`, 0600.
 *
 * A JSON object, because values are exact: any text, line ends included.
 *
 * @module
 */
import type { TaskId } from "../identity/task_id.ts";
import type { Files } from "../port/host.ts";
import { parseJsonObject } from "./dossier.ts";
import { durableWrite, type WriteHost } from "./durable_write.ts";
import { envPath } from "./paths.ts";
import { readRecordText } from "./read_record_text.ts";
import { recordDamaged } from "./record_damaged.ts";

/** Names and exact values of environment variables. */
export type EnvValues = Readonly<Record<string, string>>;

/**
 * Writes environment values.
 *
 * @example
 * ```ts
 * import { encodeEnv } from "./env_file.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodeEnv({ KEY: "two\nlines" }), '{\n  "KEY": "two\\nlines"\n}\n');
 * ```
 */
export function encodeEnv(values: EnvValues): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}

/**
 * Reads environment values; throws `record_damaged`, naming `path`, for anything but an object of texts.
 *
 * @example
 * ```ts
 * import { decodeEnv } from "./env_file.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(decodeEnv('{"KEY": "value"}', "q7m2x_env"), { KEY: "value" });
 * ```
 */
export function decodeEnv(text: string, path: string): EnvValues {
  const object = parseJsonObject(text, path);
  if (!isTextMap(object)) throw recordDamaged(path, "it holds a value that is no text");
  return object;
}

/** The stored values of a task; empty when there are none. Throws `record_damaged`. */
export async function readEnv(files: Files, metaDir: string, id: TaskId): Promise<EnvValues> {
  const path = envPath(metaDir, id);
  const text = await readRecordText(files, path);
  return text === null ? {} : decodeEnv(text, path);
}

/** Stores the values of a task; no file is left when there are none. */
export async function writeEnv(
  host: WriteHost,
  metaDir: string,
  id: TaskId,
  values: EnvValues,
): Promise<void> {
  const path = envPath(metaDir, id);
  if (Object.keys(values).length > 0) await durableWrite(host, path, encodeEnv(values));
  else if (await host.files.removeFile(path)) await host.files.syncDir(metaDir);
}

function isTextMap(map: Record<string, unknown>): map is Record<string, string> {
  return Object.values(map).every((value) => typeof value === "string");
}
