import { assertEquals } from "@std/assert";
import { newLook, newStyle, paint, wantsColour } from "../../core/cli/style.ts";

Deno.test("wantsColour() follows NO_COLOR, FORCE_COLOR and TERM", () => {
  const cases: [Record<string, string>, boolean, boolean][] = [
    [{}, true, true],
    [{}, false, false],
    [{ TERM: "dumb" }, true, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "1", TERM: "dumb" }, true, true],
    [{ FORCE_COLOR: "" }, false, false],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
  ];
  for (const [env, isTerminal, expected] of cases) {
    assertEquals(wantsColour({ get: (name) => env[name] }, { isTerminal }), expected, JSON.stringify(env));
  }
});

Deno.test("paint() turns styles into sequences, nested ones too", () => {
  const { bold, green } = newStyle(true);
  assertEquals(paint(bold(`a ${green("b")} c`), true), "\x1b[1ma \x1b[32mb\x1b[39m c\x1b[22m");
});

Deno.test("paint() leaves no sequence of the text's own, and none at all without colour", () => {
  assertEquals(paint(newStyle(true).red("\x1b[5mx"), true), "\x1b[31m\\x1b[5mx\x1b[39m");
  assertEquals(paint(newStyle(true).red("x"), false), "x");
  assertEquals(paint(newStyle(false).red("x"), true), "x");
});

Deno.test("newLook() never shortens in a pipe and prefers COLUMNS", () => {
  const cases: [
    string | undefined,
    { isTerminal: boolean; columns: number | null },
    number | null,
    number,
  ][] = [
    [undefined, { isTerminal: true, columns: 100 }, 100, 100],
    ["60", { isTerminal: true, columns: 100 }, 60, 60],
    ["60", { isTerminal: false, columns: null }, null, 60],
    [undefined, { isTerminal: false, columns: null }, null, 80],
    ["wide", { isTerminal: true, columns: null }, null, 80],
    ["0", { isTerminal: true, columns: 90 }, 90, 90],
  ];
  for (const [wished, output, columns, wrapColumns] of cases) {
    const look = newLook({ get: (name) => name === "COLUMNS" ? wished : undefined }, output);
    assertEquals([look.columns, look.wrapColumns], [columns, wrapColumns]);
  }
});
