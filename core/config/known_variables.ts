/**
 * Environment variables named `CARREL_...` that are no configuration keys.
 *
 * @module
 */

/** Variables that carrel reads, or sets for what it runs. None of them is a misspelt key. */
export const KNOWN_VARIABLES: readonly string[] = [
  // Twins of global flags.
  "CARREL_CONFIG_DIR",
  "CARREL_JSON",
  "CARREL_LOCK_TIMEOUT",
  "CARREL_NO_INPUT",
  "CARREL_QUIET",
  // Set in a task's environment: a carrel inside a task sees them.
  "CARREL_AGENT_CONFIG",
  "CARREL_SEED",
  "CARREL_UPSTREAM",
  "CARREL_WEB_PORT",
  "CARREL_WEB_TOKEN_FILE",
  "CARREL_WORKSPACE",
  // Set for a hook: so does one that a hook starts.
  "CARREL_HOOK",
  "CARREL_HOOK_*",
];

/** True if `name` is one of {@linkcode KNOWN_VARIABLES}. */
export function isKnownVariable(name: string): boolean {
  return KNOWN_VARIABLES.some((known) =>
    known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : name === known
  );
}
