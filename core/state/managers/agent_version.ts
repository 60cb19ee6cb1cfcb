/**
 * Which versions of an agent a registry accepts.
 *
 * @module
 */

const VERSION = /^(\d+)\.(\d+)(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?$/;
const MAJOR_PATTERN = /^(\d+)(?:\.\d+)*\.x$/;
const EXACT_PATTERN = /^(\d+)\.(\d+)(?:\.\d+)?$/;

/**
 * True when a registry that supports `pattern` accepts an agent of this version, by the reference's rule:
 * `1.x` (and `1.2.x`) accepts every 1; `1.2` (and `1.2.9`) accepts 1.2 and every later 1. Patch and
 * pre-release do not count. What is no `major.minor[.patch]` is refused.
 *
 * @example
 * ```ts
 * import { acceptsAgentVersion } from "./agent_version.ts";
 * import { assert } from "@std/assert";
 * assert(acceptsAgentVersion("1.x", "1.2-beta"));
 * assert(!acceptsAgentVersion("1.x", "2.0"));
 * assert(!acceptsAgentVersion("1.2", "1.1"));
 * ```
 */
export function acceptsAgentVersion(pattern: string, version: string): boolean {
  const agent = VERSION.exec(version.trim());
  if (agent === null) return false;
  const [major, minor] = [Number(agent[1]), Number(agent[2])];
  const anyMinor = MAJOR_PATTERN.exec(pattern.trim());
  if (anyMinor !== null) return major === Number(anyMinor[1]);
  const exact = EXACT_PATTERN.exec(pattern.trim());
  return exact !== null && major === Number(exact[1]) && minor >= Number(exact[2]);
}
