/**
 * One line that shows how a command is called.
 *
 * @module
 */
import { type Declaration, isRepeated, isRequired, placeholderOf } from "./declaration.ts";

/** The one-line usage of a command. */
export function formatUsage(
  path: string,
  { positionals, rest }: Pick<Declaration, "positionals" | "rest">,
): string {
  const words = positionals.map((positional) => {
    const repeated = isRepeated(positional) ? `${placeholderOf(positional)}...` : placeholderOf(positional);
    return isRequired(positional) ? repeated : `[${repeated}]`;
  });
  return [path, "[FLAGS]", ...words, ...(rest === undefined ? [] : [`[-- ${rest}]`])].join(" ");
}

/** The one-line usage of a group or the program. */
export function formatGroupUsage(path: string): string {
  return `${path} COMMAND [FLAGS] ...`;
}
