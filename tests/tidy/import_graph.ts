/**
 * Who imports whom, as `deno info` tells it.
 *
 * @module
 */
import { fromFileUrl, relative } from "@std/path";

/** The folder of the project. */
export const PROJECT_DIR = fromFileUrl(import.meta.resolve("../..")).replace(/\/$/, "");

/** Project files by relative path, each with the project files that it imports, types included. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

interface InfoModule {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

/** The graph of everything that the given files reach; throws when one of them is missing. */
export async function readImportGraph(roots: readonly string[]): Promise<ImportGraph> {
  const graph = new Map<string, readonly string[]>();
  for (const root of roots) {
    for (const module of await inspect(root)) {
      const path = projectPath(module.specifier);
      if (path === null) continue;
      if (module.error !== undefined) throw new TypeError(module.error);
      const imports = (module.dependencies ?? [])
        .flatMap(({ code, type }) => [code?.specifier, type?.specifier])
        .map((specifier) => specifier === undefined ? null : projectPath(specifier))
        .filter((imported) => imported !== null);
      graph.set(path, [...new Set(imports)]);
    }
  }
  return graph;
}

async function inspect(root: string): Promise<readonly InfoModule[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", root],
    cwd: PROJECT_DIR,
  }).output();
  const text = new TextDecoder();
  if (!success) throw new TypeError(`deno info ${root}: ${text.decode(stderr)}`);
  return JSON.parse(text.decode(stdout)).modules;
}

/** The relative path of a source file; null for anything else, e.g. packages, data and declarations. */
function projectPath(specifier: string): string | null {
  if (!specifier.startsWith("file:") || !/(?<!\.d)\.ts$/.test(specifier)) return null;
  const path = relative(PROJECT_DIR, fromFileUrl(specifier));
  return path.startsWith("..") ? null : path;
}
