/**
 * What is kept of a session token.
 *
 * @module
 */
import { sha256Hex } from "./sha256.ts";

/**
 * The text that stands for a token in the store: who reads the store cannot act as the agent.
 *
 * @example
 * ```ts
 * import { hashSessionToken } from "./hash_session_token.ts";
 * import { assertMatch } from "@std/assert";
 * assertMatch(hashSessionToken("a token"), /^sha256:[0-9a-f]{64}$/);
 * ```
 */
export function hashSessionToken(token: string): string {
  return `sha256:${sha256Hex(token)}`;
}
