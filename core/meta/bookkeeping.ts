/**
 * The bookkeeping, `<id>_meta.yml`: what carrel remembers of a task, as a YAML mapping.
 *
 * The reference writes the same file. It is edited key by key, so that unknown keys, comments and
 * untouched lines stay as they are.
 *
 * @module
 */
import { invariant } from "../invariant.ts";
import { splitBlockMap } from "../yaml/block_map.ts";
import { parseYaml } from "../yaml/parse_yaml.ts";
import { encodeDocument, encodeEntry } from "../yaml/scalar.ts";
import { asYamlMap, sameYamlValue, type YamlMap, type YamlValue } from "../yaml/yaml_value.ts";
import { recordDamaged } from "./record_damaged.ts";

/** Keys to set, and keys to delete (undefined). */
export type Changes = Readonly<Record<string, YamlValue | undefined>>;

/**
 * Reads bookkeeping. Throws `record_damaged`, naming `path` and the line, for text that is no YAML
 * mapping. An empty file counts as damaged: no writer leaves one, a loss of power does.
 *
 * @example
 * ```ts
 * import { decodeBookkeeping } from "./bookkeeping.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await decodeBookkeeping("mode: cli\nweb_port:\n", "q7m2x_meta.yml"), { mode: "cli", web_port: null });
 * ```
 */
export async function decodeBookkeeping(text: string, path: string): Promise<YamlMap> {
  const parsed = await parseYaml(text);
  if (!parsed.ok) {
    throw recordDamaged(path, parsed.problem, parsed.line === null ? {} : { line: parsed.line });
  }
  if (parsed.value === null) throw recordDamaged(path, "it is empty");
  const map = asYamlMap(parsed.value);
  if (map === null) throw recordDamaged(path, "it is not a mapping of plain values");
  return map;
}

/**
 * The same for the file of a task, of which too little may be left: `record_damaged` also for one that was cut off.
 * Every writer ends the file with a line end, and says when the task was made. A person may leave out the one or
 * the other; where both are missing, so is all that followed.
 */
export async function decodeWholeBookkeeping(text: string, path: string): Promise<YamlMap> {
  const map = await decodeBookkeeping(text, path);
  if (text.endsWith("\n") || Object.hasOwn(map, "created_at")) return map;
  throw recordDamaged(path, "it is cut off: it ends without a line end, and created_at is missing");
}

/**
 * Applies changes to bookkeeping: known keys in place, new ones behind the last entry in the order
 * given; a key that has its value already is not touched. Null text stands for a file that does not exist.
 *
 * The result always reads back as the old values with the changes. Where lines cannot be cut out (a flow
 * mapping, an anchor that a deleted key held), the document is written anew and loses its comments.
 *
 * Throws `record_damaged` like {@linkcode decodeBookkeeping}.
 *
 * @example
 * ```ts
 * import { editBookkeeping } from "./bookkeeping.ts";
 * import { assertEquals } from "@std/assert";
 * const text = "# by hand\nmode: cli\nexit_code: 1\n";
 * assertEquals(
 *   await editBookkeeping(text, { exit_code: undefined, deleting: true }, "q7m2x_meta.yml"),
 *   "# by hand\nmode: cli\ndeleting: true\n",
 * );
 * ```
 */
export async function editBookkeeping(text: string | null, changes: Changes, path: string): Promise<string> {
  const before = text === null ? {} : await decodeBookkeeping(text, path);
  const after = applyChanges(before, changes);
  if (text !== null) {
    if (sameYamlValue(before, after)) return text;
    const edited = editEntries(text, before, changes);
    if (edited !== null && await holds(edited, after)) return edited;
  }
  const rewritten = encodeDocument(after);
  invariant(await holds(rewritten, after), "what is written as YAML reads back the same");
  return rewritten;
}

function applyChanges(before: YamlMap, changes: Changes): YamlMap {
  const map = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
  return Object.fromEntries(map);
}

async function holds(text: string, expected: YamlMap): Promise<boolean> {
  const parsed = await parseYaml(text);
  const map = parsed.ok ? asYamlMap(parsed.value) : null;
  return map !== null && sameYamlValue(map, expected);
}

function editEntries(text: string, before: YamlMap, changes: Changes): string | null {
  const document = splitBlockMap(text);
  const last = document?.entries.at(-1);
  if (document === null || last === undefined) return null;
  const newline = last.text.endsWith("\r\n") ? "\r\n" : "\n";
  const encode = (key: string, value: YamlValue) => encodeEntry(key, value).replaceAll("\n", newline);
  const pending = new Map(Object.entries(changes));
  const parts = document.entries.map(({ key, leading, text }) => {
    if (!pending.has(key)) return leading + text;
    const value = pending.get(key);
    const old = before[key];
    pending.delete(key);
    if (value === undefined) return leading;
    return leading + (old !== undefined && sameYamlValue(old, value) ? text : encode(key, value));
  });
  const added = [...pending].flatMap(([key, value]) => value === undefined ? [] : [encode(key, value)]);
  const body = parts.join("");
  const gap = added.length > 0 && /[^\n]$/.test(body) ? newline : "";
  return body + gap + added.join("") + document.trailing;
}
