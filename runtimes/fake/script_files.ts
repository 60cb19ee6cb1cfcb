/**
 * Files that a simulated command leaves in its workspace.
 *
 * @module
 */
import { join } from "@std/path";
import { AppError } from "../../core/error.ts";
import type { Files } from "../../core/port/host.ts";

/**
 * True for a relative path that stays inside its directory.
 *
 * @example
 * ```ts
 * import { isInsidePath } from "./script_files.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["a/b.txt", "", "/a", "a/../../b", "a//b"].map(isInsidePath), [true, false, false, false, false]);
 * ```
 */
export function isInsidePath(path: string): boolean {
  return !path.includes("\0") && path.split("/").every((part) => !["", ".", ".."].includes(part));
}

/**
 * Writes the files, replacing what is there. A link on the way is refused with `permission_denied`: the
 * workspace is a place where a task can write.
 */
export async function writeScriptFiles(
  files: Files,
  workspace: string,
  contents: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(contents)) {
    const parts = path.split("/");
    let directory = workspace;
    for (const part of parts.slice(0, -1)) {
      directory = join(directory, part);
      const info = await files.info(directory);
      if (info === null) await files.makeDir(directory, { mode: 0o755 });
      else if (info.kind !== "directory") {
        throw new AppError("permission_denied", `cannot write ${path}: ${directory} is no directory`);
      }
    }
    const target = join(workspace, path);
    await files.removeFile(target);
    await files.create(target, text, { mode: 0o644 });
  }
}
