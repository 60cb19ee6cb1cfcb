/**
 * Files that a writer makes on its way and that are nobody's once it is gone.
 *
 * @module
 */
import { join } from "@std/path";

const ON_THE_WAY = /\.(tmp|incoming|outgoing)$|\.(incoming|outgoing)[-.]/;

/** How old a file must be before nobody can still be at it. */
const LONG_AGO_MS = 3 * 86_400_000;

/** Makes a file look as if it had been left long ago. */
export async function ageFile(path: string): Promise<void> {
  const then = new Date(Date.now() - LONG_AGO_MS);
  await Deno.utime(path, then, then);
}

/** Their paths below a directory; not below workspaces, which are the agents'. */
export function leftoversIn(dir: string): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    if (ON_THE_WAY.test(name)) found.push(join(dir, name));
    else if (isDirectory && name !== "workspace-dangerous") found.push(...leftoversIn(join(dir, name)));
  }
  return found;
}
