import { assertEquals } from "@std/assert";
import { byName } from "../../../core/state/managers/manager_arguments.ts";

class Thing {}

interface Options {
  readonly dbPath?: string | null;
  readonly thing?: Thing;
  readonly call?: () => number;
  readonly extra?: string;
}

Deno.test("byName() takes arguments by position, by name, and both", () => {
  const names = ["dbPath", "thing", "call"] as const;
  const thing = new Thing();
  const call = () => 1;
  const read = (...args: unknown[]) => byName<Options>(args, names);
  assertEquals(read(), {});
  assertEquals(read("a.db", thing, call), { dbPath: "a.db", thing, call });
  assertEquals(read({ dbPath: "a.db", extra: "x" }), { dbPath: "a.db", extra: "x" });
  assertEquals(read(null, undefined, call, { extra: "x" }), { call, extra: "x" });
  assertEquals(read("a.db", { dbPath: "b.db", extra: "x" }), { dbPath: "a.db", extra: "x" });
  // An instance of a class is an argument, never the options.
  assertEquals(read("a.db", thing), { dbPath: "a.db", thing });
});
