import { assertEquals } from "@std/assert";
import type { Positional } from "../../core/cli/declaration.ts";
import { formatUsage } from "../../core/cli/usage.ts";

Deno.test("formatUsage() shows what must be given, and what may be given again", () => {
  const arities: Record<NonNullable<Positional["arity"]>, string> = {
    one: "BOOK",
    optional: "[BOOK]",
    words: "BOOK",
    many: "BOOK...",
    any: "[BOOK...]",
  };
  for (const [arity, shown] of Object.entries(arities) as [NonNullable<Positional["arity"]>, string][]) {
    const positionals = [{ name: "book", summary: "", arity }];
    assertEquals(formatUsage("read", { positionals }), `read [FLAGS] ${shown}`);
  }
  assertEquals(formatUsage("read", { positionals: [], rest: "VOICE..." }), "read [FLAGS] [-- VOICE...]");
});
