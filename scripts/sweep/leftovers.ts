/**
 * Files that a writer makes on its way and that are nobody's once it is gone.
 *
 * @module
 */
import { join } from "@std/path";

const ON_THE_WAY = /\.(tmp|incoming|outgoing)$|\.(incoming|outgoing)[-.]/;

/** Their names below a directory; not below workspaces, which are the agents'. */
export function leftoversIn(dir: string): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    if (ON_THE_WAY.test(name)) found.push(name);
    else if (isDirectory && name !== "workspace-dangerous") found.push(...leftoversIn(join(dir, name)));
  }
  return found;
}
