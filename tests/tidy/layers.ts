/**
 * Which part of carrel may import which: the picture of `docs/architecture.md`, as a table.
 *
 * @module
 */
import type { ImportGraph } from "./import_graph.ts";

const PURE = ["foundation", "port", "identity", "naming", "yaml", "meta", "logs", "config"] as const;

/** What each area may import besides itself; null = anything. */
export const LAYERS: Readonly<Record<string, readonly string[] | null>> = {
  "foundation": [],
  "text": ["foundation"],
  "port": ["foundation"],
  "identity": ["foundation", "port"],
  "naming": ["foundation", "port", "identity"],
  "yaml": ["foundation"],
  "logs": ["foundation", "port"],
  "meta": ["foundation", "port", "identity", "naming", "yaml", "logs"],
  "config": ["foundation", "port", "identity", "naming", "yaml", "meta"],
  "state": ["foundation", "port", "identity", "meta", "host"],
  "carrel": ["foundation", "port", "identity", "meta", "config", "state"],
  "query": [...PURE, "carrel", "state"],
  "storage": [...PURE, "carrel", "query"],
  "engine": [...PURE, "text", "carrel", "query", "state", "storage"],
  "host": ["foundation", "port"],
  "cli": ["foundation", "text", "port"],
  "api": [...PURE.filter((area) => area !== "yaml"), "text", "carrel", "query", "state", "storage", "engine"],
  "commands": [
    ...PURE.filter((area) => area !== "yaml"),
    ...["text", "carrel", "query", "state", "storage", "engine", "cli"],
  ],
  "runtimes": ["foundation", "port", "logs"],
  "runtimes/*": ["foundation", "port", "logs", "runtimes"],
  "plugins": ["foundation", "port", "runtimes/*"],
  "open_carrel": [
    ...PURE,
    "carrel",
    "query",
    "storage",
    "engine",
    "state",
    "host",
    "plugins",
    "runtimes",
    "runtimes/*",
  ],
  "mod": null,
  "main": null,
};

/** The area of a project file; null when it belongs to none, as tests and scripts do. */
export function areaOf(path: string): string | null {
  if (path === "main.ts") return "main";
  const [top, name = "", ...rest] = path.replace(/\.ts$/, "").split("/");
  if (top === "plugins") return top;
  if (top === "runtimes") return rest.length > 0 ? `${top}/${name}` : top;
  if (top !== "core") return null;
  return rest.length > 0 || Object.hasOwn(LAYERS, name) ? name : "foundation";
}

/** One sentence for each import that the table does not allow, and for each file without an area. */
export function layerViolations(graph: ImportGraph, layers = LAYERS): string[] {
  const violations: string[] = [];
  for (const [path, imports] of graph) {
    const from = areaOf(path);
    const allowed = from === null ? undefined : layers[generic(from)];
    if (allowed === undefined) {
      violations.push(`${path} belongs to no area of the table`);
    } else if (allowed !== null) {
      for (const imported of imports) {
        const to = areaOf(imported);
        if (to === from || (to !== null && allowed.includes(generic(to)))) continue;
        violations.push(`${path} must not import ${imported}: ${from} may import ${allowed.join(", ")}`);
      }
    }
  }
  return violations;
}

/** The areas of a circle in the table, in order; null when there is none. */
export function findCircle(layers: Readonly<Record<string, readonly string[] | null>>): string[] | null {
  const sound = new Set<string>();
  const walk = (area: string, trail: string[]): string[] | null => {
    if (sound.has(area)) return null;
    if (trail.includes(area)) return [...trail.slice(trail.indexOf(area)), area];
    for (const next of layers[area] ?? []) {
      const circle = walk(next, [...trail, area]);
      if (circle !== null) return circle;
    }
    sound.add(area);
    return null;
  };
  for (const area of Object.keys(layers)) {
    const circle = walk(area, []);
    if (circle !== null) return circle;
  }
  return null;
}

/** All runtimes are alike in the table, but strangers to each other. */
function generic(area: string): string {
  return area.startsWith("runtimes/") ? "runtimes/*" : area;
}
