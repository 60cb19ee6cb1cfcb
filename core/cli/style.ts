/**
 * Colour, and what commands know of the place where their words appear.
 *
 * Styled text carries Unicode noncharacters (U+FDD0...) until it is printed; only then, after everything
 * else was sanitised, do they become terminal sequences. So no text from elsewhere can bring its own.
 *
 * @module
 */
import type { Env } from "../port/host.ts";
import type { Output } from "../port/terminal.ts";
import { sanitizeText } from "../text/sanitize_text.ts";

/** Marks parts of a text; changes nothing when colour is off. Styles may be nested. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

/** The place where words appear. */
export interface Look {
  readonly style: Style;
  /** Cells that a table may take; null when it must not be shortened, as in a pipe. */
  readonly columns: number | null;
  /** Cells at which running text is wrapped. */
  readonly wrapColumns: number;
}

/** SGR parameters of ECMA-48: what switches a style on, and off again. */
const SGR = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  yellow: [33, 39],
  red: [31, 39],
} as const satisfies Record<keyof Style, readonly [number, number]>;

const FIRST_MARKER = 0xfdd0;
const MARKERS = /[\ufdd0-\ufdef]/g;
const SEQUENCES = Object.values(SGR).flat().map((parameter) => `\x1b[${parameter}m`);
const DEFAULT_WRAP_COLUMNS = 80;

/** A style that marks text, or one that leaves it alone. */
export function newStyle(colour: boolean): Style {
  const mark = (name: keyof Style) => {
    const open = FIRST_MARKER + 2 * Object.keys(SGR).indexOf(name);
    const [before, after] = [String.fromCharCode(open), String.fromCharCode(open + 1)];
    return (text: string) => colour ? before + text + after : text;
  };
  return {
    bold: mark("bold"),
    dim: mark("dim"),
    green: mark("green"),
    yellow: mark("yellow"),
    red: mark("red"),
  };
}

/** Makes text ready for a stream: harmless, its styles turned into terminal sequences or removed. */
export function paint(text: string, colour: boolean): string {
  return sanitizeText(text).replace(
    MARKERS,
    (marker) => colour ? SEQUENCES[marker.charCodeAt(0) - FIRST_MARKER] ?? "" : "",
  );
}

/**
 * Whether to colour `output`: never with NO_COLOR (https://no-color.org), always with FORCE_COLOR other
 * than 0, else on a terminal that is not `dumb`.
 */
export function wantsColour(env: Pick<Env, "get">, output: Pick<Output, "isTerminal">): boolean {
  if (env.get("NO_COLOR")) return false;
  const force = env.get("FORCE_COLOR");
  if (force) return force !== "0";
  return output.isTerminal && env.get("TERM") !== "dumb";
}

/** The look of what is printed to `output`. COLUMNS counts before what the terminal says. */
export function newLook(
  env: Pick<Env, "get">,
  output: Pick<Output, "isTerminal" | "columns">,
): Look {
  const wished = env.get("COLUMNS") ?? "";
  const columns = /^[1-9]\d{0,4}$/.test(wished) ? Number(wished) : output.columns;
  return {
    style: newStyle(wantsColour(env, output)),
    columns: output.isTerminal ? columns : null,
    wrapColumns: columns ?? DEFAULT_WRAP_COLUMNS,
  };
}
