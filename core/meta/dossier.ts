/**
 * The dossier, `<id>_dossier.json`: the public identity of a task, which other programs read.
 *
 * An object with at most the keys `project`, `task` and `name`, in this order; empty values are left out.
 *
 * @module
 */
import { recordDamaged } from "./record_damaged.ts";

/** What a dossier says. */
export interface Dossier {
  readonly project: string | null;
  readonly task: string | null;
  readonly name: string | null;
  /** Keys of other programs, kept when the dossier is rewritten. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a dossier: indented by two, text outside ASCII raw, a line end.
 *
 * @example
 * ```ts
 * import { encodeDossier } from "./dossier.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   encodeDossier({ project: "orchard", task: "q7m2x", name: null }),
 *   '{\n  "project": "orchard",\n  "task": "q7m2x"\n}\n',
 * );
 * ```
 */
export function encodeDossier({ project, task, name, extra = {} }: Dossier): string {
  const known = Object.entries({ project, task, name }).filter(([, value]) => value !== null && value !== "");
  return `${JSON.stringify({ ...Object.fromEntries(known), ...extra }, null, 2)}\n`;
}

/**
 * Reads a dossier; null text stands for a file that does not exist, and is an empty dossier. Values that are no
 * text count as absent. Throws `record_damaged`, naming `path`, for anything but a JSON object.
 *
 * @example
 * ```ts
 * import { decodeDossier } from "./dossier.ts";
 * import { assertEquals } from "@std/assert";
 * const { project, task, name } = decodeDossier('{"project": "orchard", "task": "q7m2x"}', "q7m2x_dossier.json");
 * assertEquals([project, task, name], ["orchard", "q7m2x", null]);
 * ```
 */
export function decodeDossier(text: string | null, path: string): Dossier {
  const object = text === null ? {} : parseJsonObject(text, path);
  const { project, task, name, ...extra } = object;
  return { project: textOrNull(project), task: textOrNull(task), name: textOrNull(name), extra };
}

/**
 * Parses a JSON object; `record_damaged` when the text is none. An empty file counts as damaged: no writer leaves
 * one, a loss of power does.
 */
export function parseJsonObject(text: string, path: string): Record<string, unknown> {
  if (text.trim() === "") throw recordDamaged(path, "it is empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw recordDamaged(path, "it is not valid JSON", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw recordDamaged(path, "it is not a JSON object");
  }
  return { ...value };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
