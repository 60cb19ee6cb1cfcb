/**
 * Splits a YAML document into its top-level entries without losing a byte.
 *
 * With this a single entry can be replaced while every other line, comment and unknown key stays as it
 * was, and a configuration error can name the line of its key.
 *
 * @module
 */
import {
  continueNode,
  indentOf,
  isBlankOrComment,
  type OpenNode,
  openNode,
  openValue,
  readKey,
} from "./open_node.ts";

/** One top-level entry. */
export interface BlockMapEntry {
  readonly key: string;
  /** Comments, blank lines and document marks between the entry before and this one. */
  readonly leading: string;
  /** The lines of key and value, with their line ends. */
  readonly text: string;
  /** First line of `text`, counted from 1. */
  readonly startLine: number;
  /** Last line of `text`. */
  readonly endLine: number;
}

/** A split document: `leading` and `text` of all entries, then `trailing`, are the document. */
export interface BlockMap {
  readonly entries: readonly BlockMapEntry[];
  readonly trailing: string;
}

interface Draft {
  readonly key: string;
  readonly leading: string;
  readonly startLine: number;
  lines: string[];
  /** Whether list items at the indent of the key are its value. */
  takesItems: boolean;
}

/**
 * Splits a document whose root is a block mapping; null for any other, and for documents in a style that
 * cannot be cut into lines: `? ` keys, keys with tags or with escapes unknown to JSON, several documents, old
 * Mac line ends.
 *
 * @example
 * ```ts
 * import { splitBlockMap } from "./block_map.ts";
 * import { assertEquals } from "@std/assert";
 * const map = splitBlockMap("# by hand\nmode: cli\nhooks:\n- pre_start\n");
 * assertEquals(map?.entries.map(({ key, text }) => [key, text]), [
 *   ["mode", "mode: cli\n"],
 *   ["hooks", "hooks:\n- pre_start\n"],
 * ]);
 * ```
 */
export function splitBlockMap(text: string): BlockMap | null {
  if (/\r(?!\n)/.test(text)) return null;
  const bom = text.startsWith("\ufeff") ? "\ufeff" : "";
  const splitter = new Splitter(bom);
  const lines = text.slice(bom.length).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.every((line, index) => splitter.take(line, index + 1)) ? splitter.finish() : null;
}

class Splitter {
  readonly #done: BlockMapEntry[] = [];
  #draft: Draft | null = null;
  #indent = 0;
  /** Column of the last key or dash: the parent of a value that starts on the next line. */
  #parent = 0;
  /** Lines of which the next line decides whether they are inside an entry or between two. */
  #pending: string[];
  #open: OpenNode | null = null;
  #ended = false;

  constructor(byteOrderMark: string) {
    this.#pending = [byteOrderMark];
  }

  /** Takes one line; false when the document cannot be split. */
  take(raw: string, number: number): boolean {
    const line = raw.replace(/\r?\n$/, "");
    if (this.#open !== null) {
      const { content, open } = continueNode(this.#open, line);
      this.#open = open;
      if (content) return this.#extend(raw);
      if (open !== null) return this.#wait(raw);
    }
    if (isBlankOrComment(line)) return this.#wait(raw);
    if (/^(?:---|\.\.\.)(?=[ \t]|$)|^%/.test(line)) return this.#mark(line, raw);
    if (this.#ended || line.startsWith("\t")) return false;
    const indent = indentOf(line);
    if (this.#draft !== null && indent > this.#indent) return this.#nest(line, raw, indent);
    if (this.#draft !== null && indent < this.#indent) return false;
    if (this.#draft?.takesItems && /^ *-(?:[ \t]|$)/.test(line)) return this.#nest(line, raw, indent);
    return this.#begin(line, raw, indent, number);
  }

  finish(): BlockMap | null {
    // A quote or bracket that is never closed: every cut would be a guess.
    if (this.#open?.kind === "quoted" || this.#open?.kind === "flow") return null;
    this.#close();
    return { entries: this.#done, trailing: this.#pending.join("") };
  }

  #begin(line: string, raw: string, indent: number, number: number): boolean {
    const key = readKey(line, indent);
    if (key === null || key.key === null) return false;
    this.#close();
    this.#indent = this.#parent = indent;
    this.#open = openValue(line, key.end, indent);
    const takesItems = this.#open === null &&
      isBlankOrComment(line.slice(key.end).replace(/^\s+[&!]\S*/, ""));
    this.#draft = {
      key: key.key,
      leading: this.#pending.join(""),
      startLine: number,
      lines: [raw],
      takesItems,
    };
    this.#pending = [];
    return true;
  }

  #nest(line: string, raw: string, indent: number): boolean {
    const { open, parent } = openNode(line, indent, this.#parent);
    this.#open = open;
    this.#parent = parent;
    return this.#extend(raw);
  }

  #extend(raw: string): boolean {
    this.#draft?.lines.push(...this.#pending, raw);
    this.#pending = [];
    return true;
  }

  #wait(raw: string): boolean {
    this.#pending.push(raw);
    return true;
  }

  /** Document marks and directives: before all entries, or the end of the document. */
  #mark(line: string, raw: string): boolean {
    if (line.startsWith("...")) this.#ended = true;
    else if (this.#draft !== null || !isBlankOrComment(line.slice(3)) && !line.startsWith("%")) return false;
    return this.#wait(raw);
  }

  #close(): void {
    if (this.#draft === null) return;
    const { key, leading, startLine, lines } = this.#draft;
    const endLine = startLine + lines.length - 1;
    this.#done.push({ key, leading, text: lines.join(""), startLine, endLine });
    this.#draft = null;
  }
}

/**
 * The line, counted from 1, of a nested key; that of the nearest enclosing key when the path leads into a
 * list or flow value or does not exist; null when not even its first key is found.
 *
 * @example
 * ```ts
 * import { findKeyLine } from "./block_map.ts";
 * import { assertEquals } from "@std/assert";
 * const text = "# config\nrun:\n  # how much\n  memory: 4g\n";
 * assertEquals(findKeyLine(text, ["run", "memory"]), 4);
 * assertEquals(findKeyLine(text, ["run", "cpus"]), 2);
 * assertEquals(findKeyLine(text, ["git"]), null);
 * ```
 */
export function findKeyLine(text: string, path: readonly string[]): number | null {
  const [key, ...rest] = path;
  const entry = splitBlockMap(text)?.entries.find((candidate) => candidate.key === key);
  if (entry === undefined) return null;
  if (rest.length === 0) return entry.startLine;
  const [first = "", ...body] = entry.text.split("\n");
  const end = readKey(first, indentOf(first))?.end ?? first.length;
  const inner = hasValue(first, end) ? null : findKeyLine(body.join("\n"), rest);
  return inner === null ? entry.startLine : entry.startLine + inner;
}

/** Whether something other than a tag, an anchor or a comment stands behind a key. */
function hasValue(line: string, end: number): boolean {
  return !isBlankOrComment(line.slice(end).replace(/^(?:[ \t]+[&!][^ \t]*)+/, ""));
}
