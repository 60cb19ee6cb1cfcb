import { assertEquals } from "@std/assert";
import { mountLabel } from "../../core/storage/mount_label.ts";

Deno.test("mountLabel() prefers what the configuration calls the agent", () => {
  const agents = { claude: { label: "Claude Code" }, "open-code": { label: "OpenCode" }, codex: {} };
  assertEquals(mountLabel("_claude-config", agents), "Claude Code");
  assertEquals(mountLabel("_open-code-config", agents), "OpenCode");
  assertEquals(mountLabel("claude", agents), "Claude Code");
  assertEquals(mountLabel("_codex-config", agents), "Codex Config");
});

Deno.test("mountLabel() makes words of a name", () => {
  const cases = {
    "_claude-config": "Claude Config",
    "shared-cache": "Shared Cache",
    "__double": "Double",
    "_": "_",
    "-x": "X",
    "élan-vital": "Élan Vital",
    "constructor": "Constructor",
  };
  for (const [name, label] of Object.entries(cases)) assertEquals(mountLabel(name, {}), label);
});
