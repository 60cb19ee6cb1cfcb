/**
 * The part of a TypeScript file that runs.
 *
 * @module
 */

/** What may stand before a `/` that begins a regular expression rather than dividing. */
const BEFORE_REGEXP = /(^|[(,=:[!&|?{};+>]|\breturn|\btypeof|=>)\s*$/;

const TOKENS = {
  comment: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  text: /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y,
  regexp: /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y,
  templatePart: /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y,
};

/**
 * The source with comments and, unless `keepStrings`, the contents of strings, templates and regular
 * expressions taken out. Code inside `${...}` stays. Line breaks stay, so that lines keep their numbers.
 *
 * @example
 * ```ts
 * import { codeOnly } from "./code_only.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(codeOnly('say("hi"); // aloud'), 'say(""); ');
 * ```
 */
export function codeOnly(source: string, { keepStrings = false } = {}): string {
  let code = "";
  let at = 0;
  /** Open braces: true for those of `${`, after which a template goes on. */
  const braces: boolean[] = [];

  const take = (token: RegExp): string | null => {
    token.lastIndex = at;
    const [match] = token.exec(source) ?? [];
    if (match !== undefined) at += match.length;
    return match ?? null;
  };
  const keepText = (text: string, quote: string) => {
    code += keepStrings ? text : `${quote}${lineBreaks(text)}${quote}`;
  };
  const takeTemplatePart = () => {
    const part = take(TOKENS.templatePart) ?? "";
    code += keepStrings ? part : lineBreaks(part);
    if (source.startsWith("${", at)) {
      at += 2;
      code += "${";
      braces.push(true);
    } else {
      at += 1;
      code += "`";
    }
  };

  while (at < source.length) {
    const comment = take(TOKENS.comment);
    if (comment !== null) {
      code += lineBreaks(comment);
      continue;
    }
    const text = take(TOKENS.text);
    if (text !== null) {
      keepText(text, text.charAt(0));
      continue;
    }
    const regexp = BEFORE_REGEXP.test(code.slice(-40)) ? take(TOKENS.regexp) : null;
    if (regexp !== null) {
      keepText(regexp, "/");
      continue;
    }
    const char = source.charAt(at);
    at += 1;
    code += char;
    if (char === "`") takeTemplatePart();
    else if (char === "{") braces.push(false);
    else if (char === "}" && braces.pop() === true) takeTemplatePart();
  }
  return code;
}

function lineBreaks(text: string): string {
  return text.replace(/[^\n]+/g, "");
}
