/**
 * Names of agents, as `run.agent` and `carrel agent register` take them.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** What a name looks like. */
export const AGENT_NAME = /^[a-z0-9][a-z0-9_-]*$/;

const LENGTH_MAX = 255;

/**
 * Reads the name of an agent that is to be registered; throws `invalid_value` if it is malformed.
 *
 * @example
 * ```ts
 * import { AppError } from "../error.ts";
 * import { parseAgentName } from "./agent_name.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals(parseAgentName("claude"), "claude");
 * assertThrows(() => parseAgentName("../x"), AppError, "is not the name of an agent");
 * ```
 */
export function parseAgentName(text: string): string {
  if (AGENT_NAME.test(text) && text.length <= LENGTH_MAX) return text;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not the name of an agent`, {
    hint: "a name is made of a-z, 0-9, hyphens and underscores, and starts with a letter or digit",
  });
}
