/**
 * What people call a shared mount.
 *
 * @module
 */

/** What is known of agents, by name. */
export type AgentLabels = Readonly<Record<string, { readonly label?: string | undefined }>>;

/** How an agent's shared mount is named. */
const AGENT_MOUNT = /^_(.+)-config$/;

/**
 * The label of the mount's agent; else the directory's name without leading underscores, as words that
 * begin with a capital.
 *
 * @example
 * ```ts
 * import { mountLabel } from "./mount_label.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(mountLabel("_claude-config", { claude: { label: "Claude Code" } }), "Claude Code");
 * assertEquals(mountLabel("_open-code-config", {}), "Open Code Config");
 * ```
 */
export function mountLabel(name: string, agents: AgentLabels): string {
  const agent = AGENT_MOUNT.exec(name)?.[1] ?? name;
  const label = new Map(Object.entries(agents)).get(agent)?.label;
  if (label !== undefined) return label;
  const words = name.replace(/^_+/, "").replaceAll("-", " ").trim();
  if (words === "") return name;
  return words.replace(/(^|\s)(\S)/gu, (_, space: string, letter: string) => space + letter.toUpperCase());
}
