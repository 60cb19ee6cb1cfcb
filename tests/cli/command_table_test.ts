import { assertEquals } from "@std/assert";
import { findCommand, listWords } from "../../core/cli/command_table.ts";
import { TABLE } from "./shelves.ts";

Deno.test("findCommand() takes the longest path and leaves the rest", () => {
  const cases: [string[], string, string[]][] = [
    [["book", "list"], "book list", []],
    [["book", "add", "A1", "list"], "book add", ["A1", "list"]],
    [["--json", "book", "-q", "list", "--x"], "book list", ["--json", "-q", "--x"]],
    [["--root", "book", "book", "list"], "book list", ["--root", "book"]],
    [["--root=book", "book", "list"], "book list", ["--root=book"]],
    [["book", "read", "--", "book"], "book read", ["--", "book"]],
    [["--version"], "version", []],
    [["--json", "--version"], "version", ["--json"]],
  ];
  for (const [argv, path, rest] of cases) {
    const found = findCommand(TABLE, argv);
    assertEquals([found.kind, found.path, found.argv], ["command", path, rest], argv.join(" "));
  }
});

Deno.test("findCommand() names the group and the word that led nowhere", () => {
  const cases: [string[], string, string | undefined][] = [
    [[], "", undefined],
    [["--json"], "", undefined],
    [["book"], "book", undefined],
    [["book", "--help"], "book", undefined],
    [["book", "lst"], "book", "lst"],
    [["bok", "list"], "", "bok"],
    [["--", "book", "list"], "", "book"],
    [["toString"], "", "toString"],
    [["--bogus", "book", "list"], "", undefined],
    [["book", "--version"], "book", undefined],
  ];
  for (const [argv, path, unknown] of cases) {
    assertEquals(findCommand(TABLE, argv), {
      kind: "group",
      path,
      unknown,
      argv: argv.filter((word) => word !== path),
    });
  }
});

Deno.test("listWords() lists what may follow, in table order", () => {
  assertEquals(listWords(TABLE, ""), ["book", "version"]);
  assertEquals(listWords(TABLE, "book"), ["list", "add", "read", "drop"]);
  assertEquals(listWords(TABLE, "book list"), []);
});
