/**
 * How source files are named and begin, and how long they may be.
 *
 * @module
 */
import { codeOnly } from "./code_only.ts";

const VAGUE_NAMES = ["utils", "util", "helpers", "helper", "common", "misc", "index", "shared"];
const DOCUMENTED = ["core/", "runtimes/", "plugins/", "scripts/", "main.ts"];
const NAMED_AFTER_EXPORT = ["core/", "runtimes/", "plugins/"];
const LINES_MAX = 400;

/** Files that are one long table and nothing else. */
const TABLES: readonly string[] = ["core/naming/word_lists.ts"];
/** Types for the compiler: no module, no exports of its own. */
const AMBIENT: readonly string[] = ["core/std.d.ts"];

/** One sentence for each rule that the file breaks. */
export function brokenFileRules(path: string, source: string): string[] {
  if (AMBIENT.includes(path)) return [];
  const rules = [
    vagueName(path),
    lengthRule(path, source),
    moduleDoc(path, source),
    exportName(path, source),
  ];
  return rules.filter((broken) => broken !== null);
}

function vagueName(path: string): string | null {
  const name = stemOf(path);
  if (/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name) && !VAGUE_NAMES.includes(name)) return null;
  return `${path}: name it in snake_case after what is in it`;
}

function lengthRule(path: string, source: string): string | null {
  const lines = source.split("\n").length - 1;
  return lines <= LINES_MAX || TABLES.includes(path) ? null : `${path}: ${lines} lines, at most ${LINES_MAX}`;
}

function moduleDoc(path: string, source: string): string | null {
  if (!DOCUMENTED.some((place) => path.startsWith(place))) return null;
  const [doc] = /^(#!.*\n)?\/\*\*[\s\S]*?\*\//.exec(source) ?? [""];
  return doc.includes("@module") ? null : `${path}: begin it with a doc comment that ends in @module`;
}

/** A file that exports one function, class or constant is named after it, `new` and the like aside. */
function exportName(path: string, source: string): string | null {
  const stem = stemOf(path);
  if (stem === "mod" || !NAMED_AFTER_EXPORT.some((place) => path.startsWith(place))) return null;
  const exported = exportedNames(source);
  const [only] = exported.values;
  if (exported.values.length !== 1 || only === undefined) return null;
  const fits = [only, ...exported.types].some((name) => `_${toSnakeCase(name)}_`.includes(`_${stem}_`));
  return fits ? null : `${path}: its one export is ${only}; name the file after it`;
}

function exportedNames(source: string): { values: string[]; types: string[] } {
  const code = codeOnly(source);
  const names = (keywords: string) =>
    Array.from(
      code.matchAll(new RegExp(`^export (?:async |abstract )?(?:${keywords})\\*? (\\w+)`, "gm")),
      (match) => match[1] ?? "",
    );
  return { values: [...new Set(names("function|class|const"))], types: names("interface|type") };
}

function stemOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.ts$/, "");
}

function toSnakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3_$2").toLowerCase();
}
