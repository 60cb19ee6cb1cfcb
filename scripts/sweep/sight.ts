/**
 * One state of the world as text that is the same whichever ids and times were drawn.
 *
 * @module
 */
import { join } from "@std/path";
import type { Place } from "./place.ts";
import { WORK_FILE } from "./scene.ts";
import { readTree } from "./storage_tree.ts";
import type { Listed, World } from "./world.ts";

/** Lines that two runs with the same outcome have in common. */
export async function sightOf(place: Place, world: World): Promise<string[]> {
  const all = [...world.tasks, ...world.archives];
  const mask = (text: string) => maskDrawn(text, all);
  const lines = [
    ...await Promise.all(world.tasks.map(async (task) => `task ${mask(task.text)} ${await workOf(task)}`)),
    ...await Promise.all(
      world.archives.map(async (each) => `archive ${mask(each.text)} ${await workOf(each)}`),
    ),
    ...await Promise.all(
      all.map(async (each) => `workspace of ${mask(each.id)}: ${await digestOf(each.workspace)}`),
    ),
    ...world.looks.map((answer) => `look ${mask(answer)}`),
    ...(await containersOf(place)).map((name) => `container ${mask(name)}`),
    ...directoriesOf(place).map((path) => `directory ${mask(path)}`),
  ];
  return lines.map((line) => line.trim()).sort();
}

/** What a task has in its workspace; empty when nothing. */
export async function workOf({ workspace }: Listed): Promise<string> {
  return await readIfThere(join(workspace, WORK_FILE));
}

/**
 * Puts names for ids, and takes out operations and times.
 *
 * @example
 * ```ts
 * import { maskDrawn } from "./sight.ts";
 * import { assertEquals } from "@std/assert";
 * const text = "q7w2x at 2026-01-02T03:04:05.678901+00:00";
 * assertEquals(maskDrawn(text, [{ id: "q7w2x", name: "a" }]), "<a> at TIME");
 * ```
 */
export function maskDrawn(text: string, tasks: readonly Pick<Listed, "id" | "name">[]): string {
  let masked = text;
  for (const { id, name } of tasks) if (id !== "") masked = masked.replaceAll(id, `<${name}>`);
  return masked
    // Whoever sees it first notes it, if he can; the next change does else.
    .replace(/"ready_at":(null|"[^"]*")/g, '"ready_at":"TIME"')
    .replace(/\d{8}T\d{6,12}Z/g, "TIME")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, "TIME")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID");
}

/** All that a directory holds, as a digest. */
async function digestOf(dir: string): Promise<string> {
  const parts: string[] = [];
  for (const [path, inode] of (await readTree(dir)).entries()) {
    const content = inode.kind === "file"
      ? inode.bytes.toHex()
      : inode.kind === "symlink"
      ? inode.target
      : "";
    parts.push(`${path} ${inode.kind} ${content}`);
  }
  const text = new TextEncoder().encode(parts.sort().join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
  return `${parts.length} entries, ${digest.slice(0, 16)}`;
}

/** Directories in which a task can be, live or archived, whoever knows of them. */
function directoriesOf({ root }: Place): string[] {
  const subdirectories = (path: string) =>
    namesIn(join(root, path)).filter((name) => !name.startsWith(".")).map((name) => `${path}/${name}`);
  return [
    ...subdirectories("sandbox-live/tasks").flatMap(subdirectories),
    ...subdirectories("archive").flatMap((project) => subdirectories(`${project}/tasks`)),
  ];
}

function namesIn(dir: string): string[] {
  try {
    return Array.from(Deno.readDirSync(dir)).filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Names of all containers, by the engines' own files. */
async function containersOf({ root, engine }: Place): Promise<string[]> {
  const fake = await readIfThere(join(root, "core/fake-runtime.json"));
  const simulated = Array.from(fake.matchAll(/"name": "([^"]*)"/g), ([, name = ""]) => name);
  const standins = Array.from(Deno.readDirSync(engine), ({ name }) => name)
    .filter((name) => name.endsWith(".c"));
  return [...simulated, ...standins];
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
