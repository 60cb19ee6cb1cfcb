/**
 * JSON state files of runtimes: replaced as a whole, durable, and never mistaken for empty when damaged.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { AppError } from "../core/error.ts";
import { ifPresent } from "../core/if_present.ts";
import type { Files, Random } from "../core/port/host.ts";
import { randomHex } from "./random_hex.ts";

/**
 * Replaces the file by `value` as JSON, mode 0600. The new content is on disk before the name points to it,
 * so a reader finds the old or the new one, whole. Fails with the storage codes of `Files`.
 */
export async function writeJsonFile(
  host: { readonly files: Files; readonly random: Random },
  path: string,
  value: unknown,
): Promise<void> {
  // Hidden, as all files in the making: `carrel storage prune` knows them by their names.
  const temporary = join(dirname(path), `.${basename(path)}.${randomHex(host.random, 8)}.tmp`);
  try {
    await host.files.create(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    await host.files.rename(temporary, path);
  } catch (error) {
    await host.files.removeFile(temporary).catch(() => false);
    throw error;
  }
  await host.files.syncDir(dirname(path));
}

/**
 * The parsed content, or null when there is no such file. `record_damaged` when it is not JSON or `parse`
 * throws.
 */
export async function readJsonFile<T>(
  files: Files,
  path: string,
  parse: (value: unknown) => T,
): Promise<T | null> {
  const text = await ifPresent(files.readText(path));
  if (text === null) return null;
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("record_damaged", `${path} is damaged`, {
      cause,
      details: { file: path },
      hint: "move the file away to start without it",
    });
  }
}
