import { assertEquals } from "@std/assert";
import { type ImportGraph, readImportGraph } from "./import_graph.ts";
import { areaOf, findCircle, LAYERS, layerViolations } from "./layers.ts";
import { listSourceFiles } from "./source_files.ts";

/** What is shipped. */
const DOORS = ["main.ts", "core/mod.ts"];
/** In-memory twins for tests: nothing that is shipped imports them. */
const TWINS = ["core/host/memory_host.ts", "core/host/memory_terminal.ts"];
/** Types for the compiler; named in deno.json, imported by nobody. */
const AMBIENT = ["core/std.d.ts"];

Deno.test("every import is allowed by the table of layers", async () => {
  assertEquals(layerViolations(await readImportGraph([...DOORS, ...TWINS])), []);
});

Deno.test("every file of core, runtimes and plugins is reached from a door", async () => {
  const reached = await readImportGraph([...DOORS, ...TWINS]);
  const dead = listSourceFiles(["core", "runtimes", "plugins"])
    .filter((path) => !reached.has(path) && !AMBIENT.includes(path));
  assertEquals(dead, []);
});

Deno.test("what is shipped does not contain the in-memory twins", async () => {
  const reached = await readImportGraph(["main.ts"]);
  assertEquals(TWINS.filter((path) => reached.has(path)), []);
});

Deno.test("the table of layers has no circle, and names no area that it lacks", () => {
  assertEquals(findCircle(LAYERS), null);
  const named = Object.values(LAYERS).flatMap((allowed) => allowed ?? []);
  assertEquals(named.filter((area) => LAYERS[area] === undefined), []);
});

Deno.test("findCircle() finds a circle", () => {
  assertEquals(findCircle({ a: ["b"], b: ["c"], c: ["b"] }), ["b", "c", "b"]);
});

Deno.test("layerViolations() finds planted ones, and nothing else", () => {
  const graph: ImportGraph = new Map([
    ["core/naming/a.ts", ["core/identity/b.ts", "core/naming/c.ts", "core/error.ts"]],
    ["core/identity/b.ts", ["core/naming/a.ts"]],
    ["core/host/deno_host.ts", ["core/port/host.ts", "core/meta/paths.ts"]],
    ["runtimes/podman/a.ts", ["runtimes/podman/b.ts", "core/logs/x.ts", "runtimes/process/c.ts"]],
    ["core/cli/a.ts", ["tests/support/x.ts"]],
    ["core/novelty/a.ts", []],
    ["main.ts", ["core/host/deno_host.ts", "core/commands/mod.ts"]],
  ]);
  assertEquals(layerViolations(graph), [
    "core/identity/b.ts must not import core/naming/a.ts: identity may import foundation, port",
    "core/host/deno_host.ts must not import core/meta/paths.ts: host may import foundation, port",
    "runtimes/podman/a.ts must not import runtimes/process/c.ts: runtimes/podman may import foundation, port, logs, runtimes",
    "core/cli/a.ts must not import tests/support/x.ts: cli may import foundation, text, port",
    "core/novelty/a.ts belongs to no area of the table",
  ]);
});

Deno.test("areaOf() knows files and folders", () => {
  const areas = ["core/invariant.ts", "core/carrel.ts", "core/yaml/a.ts", "plugins/mod.ts", "tests/a.ts"];
  assertEquals(areas.map(areaOf), ["foundation", "carrel", "yaml", "plugins", null]);
  assertEquals(["core/mod.ts", "core/open_carrel.ts", "runtimes/a.ts", "runtimes/fake/a.ts"].map(areaOf), [
    "mod",
    "open_carrel",
    "runtimes",
    "runtimes/fake",
  ]);
});
