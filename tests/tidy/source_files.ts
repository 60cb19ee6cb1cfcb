/**
 * The TypeScript files of the project.
 *
 * @module
 */
import { PROJECT_DIR } from "./import_graph.ts";

const SKIPPED = new Set(["dist", ".git", "node_modules"]);

/** Relative paths of all `.ts` files below the given folders (default: everything), sorted. */
export function listSourceFiles(folders: readonly string[] = [""]): string[] {
  return folders.flatMap(walk).sort();
}

/** The text of a project file. */
export function readSource(path: string): string {
  return Deno.readTextFileSync(`${PROJECT_DIR}/${path}`);
}

function walk(folder: string): string[] {
  return Array.from(Deno.readDirSync(`${PROJECT_DIR}/${folder}`)).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) return SKIPPED.has(entry.name) ? [] : walk(path);
    return entry.isFile && path.endsWith(".ts") ? [path] : [];
  });
}
