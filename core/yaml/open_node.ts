/**
 * Follows the values of a YAML document line by line, far enough to know where each one ends.
 *
 * A value that is not finished at the end of its line leaves an {@linkcode OpenNode}; the next lines go
 * through {@linkcode continueNode} until none is left. Nothing is interpreted: this only tells content
 * from structure, so that a quote, bracket or colon inside a text is never taken for more than text.
 *
 * @module
 */

/** What the end of a line leaves open. */
export type OpenNode =
  /** A quoted text. */
  | { readonly kind: "quoted"; readonly mark: '"' | "'" }
  /** A flow collection. */
  | FlowNode
  /** A block text (`|` or `>`): all lines indented deeper than `parent`. `keep`: blank lines at its end count. */
  | { readonly kind: "block"; readonly parent: number; readonly keep: boolean }
  /** An unquoted text: goes on in lines indented deeper than `parent`, until a comment. */
  | { readonly kind: "plain"; readonly parent: number };

/** A flow collection, `depth` brackets deep. */
interface FlowNode {
  readonly kind: "flow";
  readonly depth: number;
  /** The quoted text that is open in it. */
  readonly mark: '"' | "'" | null;
  /** Where a token may begin. Only there does a quote open a text: `[it's]` holds none. */
  readonly fresh: boolean;
}

/** A key at the start of a node. */
export interface KeyToken {
  /** Null when it holds escapes beyond JSON's. */
  readonly key: string | null;
  /** Index behind its colon. */
  readonly end: number;
}

// White space is only what YAML calls so: `\s` would take a no-break space for a separator.
const PROPERTY = /(?:[&!][^ \t,[\]{}]*(?:[ \t]+|$))/y;
const BLOCK_HEADER = /[|>]([-+0-9]*)[ \t]*(?:#.*)?$/sy;
const ITEM_MARK = /[-?:](?=[ \t]|$)/y;
const KEY_COLON = /[ \t]*:(?=[ \t]|$)/y;
const PLAIN_KEY =
  /(?:[^ \t\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^ \t]))(?:[^:#]|:(?=[^ \t])|(?<=[^ \t])#)*?(?=[ \t]*:(?:[ \t]|$))/y;
const COMMENT_BEHIND = /[ \t]#/;

/** Spaces before the first other character. */
export function indentOf(line: string): number {
  return line.length - line.replace(/^ +/, "").length;
}

/** True for a line without content: empty, white space, or a comment. */
export function isBlankOrComment(line: string): boolean {
  return /^[ \t\r]*(?:#.*)?$/s.test(line);
}

/** Reads an implicit key (`name:`, `'name':`, `"name":`) at `start`; null when there is none. */
export function readKey(line: string, start: number): KeyToken | null {
  const mark = line[start];
  if (mark !== '"' && mark !== "'") {
    PLAIN_KEY.lastIndex = start;
    const match = PLAIN_KEY.exec(line);
    return match === null ? null : { key: match[0], end: line.indexOf(":", PLAIN_KEY.lastIndex) + 1 };
  }
  const close = closingQuote(line, start + 1, mark);
  if (close === null) return null;
  KEY_COLON.lastIndex = close;
  if (!KEY_COLON.test(line)) return null;
  return { key: unquote(line.slice(start, close)), end: KEY_COLON.lastIndex };
}

function unquote(text: string): string | null {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (!text.includes("\\")) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Reads what a line holds from `start` on: a nested entry, list items, or a value whose key or dash stands
 * in column `parent` of a line before. Returns what stays open, and the column that is the parent of a
 * value on the next line.
 */
export function openNode(
  line: string,
  start: number,
  parent: number,
): { open: OpenNode | null; parent: number } {
  let at = skipProperties(line, skipSpace(line, start));
  for (ITEM_MARK.lastIndex = at; ITEM_MARK.test(line); ITEM_MARK.lastIndex = at) {
    parent = at;
    at = skipProperties(line, skipSpace(line, ITEM_MARK.lastIndex));
  }
  const key = readKey(line, at);
  return key === null
    ? { open: openValue(line, at, parent), parent }
    : { open: openValue(line, key.end, at), parent: at };
}

/** Reads a value that is no key and no list item; see {@linkcode openNode}. */
export function openValue(line: string, start: number, parent: number): OpenNode | null {
  const at = skipProperties(line, skipSpace(line, start));
  const first = line[at];
  if (first === undefined || first === "#") return null;
  if (first === '"' || first === "'") {
    return closingQuote(line, at + 1, first) === null ? { kind: "quoted", mark: first } : null;
  }
  if (first === "[" || first === "{") {
    return scanFlow(line, at, { kind: "flow", depth: 0, mark: null, fresh: true });
  }
  BLOCK_HEADER.lastIndex = at;
  const header = BLOCK_HEADER.exec(line);
  if (header !== null) return { kind: "block", parent, keep: header[1]?.includes("+") ?? false };
  return COMMENT_BEHIND.test(line.slice(at)) ? null : { kind: "plain", parent };
}

/**
 * Takes the next line of an open value. `content` tells whether the line belongs to it; a blank line does
 * when content follows it.
 */
export function continueNode(node: OpenNode, line: string): { content: boolean; open: OpenNode | null } {
  switch (node.kind) {
    case "quoted":
      return { content: true, open: closingQuote(line, 0, node.mark) === null ? node : null };
    case "flow":
      return { content: true, open: scanFlow(line, 0, node) };
    case "block":
      // White space beyond the indent may be text as well.
      if (isBlank(line) && line.length <= node.parent) return { content: node.keep, open: node };
      return indentOf(line) > node.parent || isBlank(line)
        ? { content: true, open: node }
        : { content: false, open: null };
    case "plain":
      if (isBlank(line)) return { content: false, open: node };
      if (indentOf(line) <= node.parent || isBlankOrComment(line)) return { content: false, open: null };
      return { content: true, open: COMMENT_BEHIND.test(line) ? null : node };
  }
}

function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}

/** Index behind the closing mark; null when the line ends first. */
function closingQuote(line: string, from: number, mark: '"' | "'"): number | null {
  for (let at = from; at < line.length; at++) {
    if (mark === '"' && line[at] === "\\") at++;
    else if (line[at] === mark) {
      if (mark === '"' || line[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return null;
}

/** Reads flow content until its last bracket closes; returns what stays open at the end of the line. */
function scanFlow(line: string, from: number, node: FlowNode): OpenNode | null {
  let { depth, mark, fresh } = node;
  let at = from;
  while (at < line.length) {
    if (mark !== null) {
      const close = closingQuote(line, at, mark);
      if (close === null) break;
      // A colon right behind a quoted key needs no space.
      fresh = line[close] === ":";
      at = fresh ? close + 1 : close;
      mark = null;
      continue;
    }
    const char = line.charAt(at);
    const before = line.charAt(at - 1);
    const after = line.charAt(at + 1);
    if (char === "#" && (before === "" || isBlank(before))) break;
    if (fresh && (char === '"' || char === "'")) mark = char;
    if (char === "[" || char === "{") depth++;
    if ((char === "]" || char === "}") && --depth === 0) return null;
    const next = fresh ? skipProperties(line, at) : at;
    const separates = "[{,".includes(char) || char === ":" && (after === "" || /[ \t,[\]{}]/.test(after));
    fresh = separates || fresh && (next > at || isBlank(char));
    at = Math.max(next, at + 1);
  }
  return { kind: "flow", depth, mark, fresh: fresh || mark !== null };
}

function skipSpace(line: string, at: number): number {
  while (line[at] === " " || line[at] === "\t") at++;
  return at;
}

function skipProperties(line: string, at: number): number {
  for (;;) {
    PROPERTY.lastIndex = at;
    if (!PROPERTY.test(line)) return at;
    at = PROPERTY.lastIndex;
  }
}
