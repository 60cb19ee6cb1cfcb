/**
 * How states and modes look to people: label, emoji (all two cells wide) and colour.
 *
 * @module
 */
import type { TaskStatus } from "./effective_status.ts";

/** Colours of the display tables. */
export type DisplayColor = "green" | "yellow" | "red";

/** How one word is shown. */
export interface Badge {
  /** The word for it; may be empty. */
  readonly label: string;
  /** One sign, two cells wide. */
  readonly emoji: string;
}

/** How each status is shown. */
export const STATUS_DISPLAY: Readonly<Record<TaskStatus, Badge & { readonly color: DisplayColor }>> = {
  running: { label: "running", emoji: "🟢", color: "green" },
  init: { label: "init", emoji: "🟡", color: "yellow" },
  starting: { label: "starting", emoji: "⏳", color: "yellow" },
  stopped: { label: "stopped", emoji: "🔴", color: "red" },
  completed: { label: "completed", emoji: "✅", color: "green" },
  failed: { label: "failed", emoji: "❌", color: "red" },
  created: { label: "created", emoji: "🆕", color: "yellow" },
  "not found": { label: "not found", emoji: "❓", color: "yellow" },
  deleting: { label: "deleting", emoji: "🧹", color: "yellow" },
  unknown: { label: "unknown", emoji: "❔", color: "yellow" },
};

/** How each mode is shown; a mode that is not here looks like {@linkcode NO_MODE_DISPLAY}. */
export const MODE_DISPLAY: Readonly<Record<string, Badge>> = {
  cli: { label: "CLI", emoji: "💻" },
  run: { label: "Unattended", emoji: "🚀" },
  web: { label: "Web", emoji: "🌐" },
  toad: { label: "Toad", emoji: "🐸" },
};

/** A task that was never launched, or launched in a mode that is not known. */
export const NO_MODE_DISPLAY: Badge = { label: "", emoji: "🦗" };

/** How the words of an agent's own work status are shown; other words have no emoji. */
export const WORK_STATUS_DISPLAY: Readonly<Record<string, Badge>> = {
  planning: { label: "planning", emoji: "📋" },
  coding: { label: "coding", emoji: "💻" },
  testing: { label: "testing", emoji: "🧪" },
  debugging: { label: "debugging", emoji: "🐛" },
  reviewing: { label: "reviewing", emoji: "🔍" },
  documenting: { label: "documenting", emoji: "📝" },
  done: { label: "done", emoji: "✅" },
  blocked: { label: "blocked", emoji: "🚧" },
  error: { label: "error", emoji: "🚫" },
};
