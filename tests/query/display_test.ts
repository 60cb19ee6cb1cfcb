import { assertEquals } from "@std/assert";
import { displayWidth } from "../../core/text/display_width.ts";
import { WORK_STATUSES } from "../../core/meta/work_status.ts";
import { CONTAINER_MODES } from "../../core/query/container_name.ts";
import {
  MODE_DISPLAY,
  NO_MODE_DISPLAY,
  STATUS_DISPLAY,
  WORK_STATUS_DISPLAY,
} from "../../core/query/display.ts";

Deno.test("STATUS_DISPLAY shows each status with the reference's label, emoji and colour", () => {
  const rows = Object.entries(STATUS_DISPLAY).map(([status, { label, emoji, color }]) =>
    `${status}|${label}|${emoji}|${color}`
  );
  assertEquals(rows, [
    "running|running|🟢|green",
    "init|init|🟡|yellow",
    "starting|starting|⏳|yellow",
    "stopped|stopped|🔴|red",
    "completed|completed|✅|green",
    "failed|failed|❌|red",
    "created|created|🆕|yellow",
    "not found|not found|❓|yellow",
    "deleting|deleting|🧹|yellow",
    "unknown|unknown|❔|yellow",
  ]);
});

Deno.test("MODE_DISPLAY shows the reference's modes, and web as a mode of its own", () => {
  const rows = Object.entries(MODE_DISPLAY).map(([mode, { label, emoji }]) => `${mode}|${label}|${emoji}`);
  assertEquals(rows, ["cli|CLI|💻", "run|Unattended|🚀", "web|Web|🌐", "toad|Toad|🐸"]);
  assertEquals(Object.keys(MODE_DISPLAY).sort(), [...CONTAINER_MODES].sort());
  assertEquals([NO_MODE_DISPLAY.label, NO_MODE_DISPLAY.emoji], ["", "🦗"]);
});

Deno.test("WORK_STATUS_DISPLAY has an emoji for each word of the vocabulary", () => {
  const emojis = Object.entries(WORK_STATUS_DISPLAY).map(([word, { label, emoji }]) => [word, label, emoji]);
  assertEquals(emojis, [
    ["planning", "planning", "📋"],
    ["coding", "coding", "💻"],
    ["testing", "testing", "🧪"],
    ["debugging", "debugging", "🐛"],
    ["reviewing", "reviewing", "🔍"],
    ["documenting", "documenting", "📝"],
    ["done", "done", "✅"],
    ["blocked", "blocked", "🚧"],
    ["error", "error", "🚫"],
  ]);
  assertEquals(Object.keys(WORK_STATUS_DISPLAY), [...WORK_STATUSES]);
});

Deno.test("every emoji is two cells wide by itself", () => {
  const badges = [STATUS_DISPLAY, MODE_DISPLAY, WORK_STATUS_DISPLAY].flatMap((table) => Object.values(table));
  for (const { emoji } of [...badges, NO_MODE_DISPLAY]) {
    assertEquals(displayWidth(emoji), 2, emoji);
    // A character that is wide by nature, with no selector that only some terminals obey.
    assertEquals([...emoji].length, 1, emoji);
    assertEquals(/^\p{Emoji_Presentation}$/u.test(emoji), true, emoji);
  }
});
