import { assert, assertEquals, assertRejects } from "@std/assert";
import { formatHelp } from "../../core/cli/format_help.ts";
import { loadHelpPage } from "../../core/cli/help.ts";
import { newStyle } from "../../core/cli/style.ts";
import { AppError } from "../../core/error.ts";
import { runShelves, TABLE } from "./shelves.ts";

const COMMAND_HELP = `Add a book to a shelf

usage: shelves book add [FLAGS] SHELF [TITLE]

The book is put at the end of the shelf.

A shelf that does not exist yet is built.

Arguments
  SHELF    where it goes
  [TITLE]  what is on the cover

Flags
  -n, --copies N             how many (default: 1)
      --binding BINDING      what holds it together (one of: cloth, paper; env:
                             SHELVES_BINDING)
      --tag TAG              a word to find it by (may be repeated)
      --is-new               it has no reader yet
      --dry-run              check everything, change nothing, print the plan
      --idempotency-key KEY  the same request under the same key is carried out
                             once; later calls get its answer

Global flags
      --json                   answer with one JSON document on stdout, or where
                               output streams with lines of JSON (env:
                               CARREL_JSON)
  -q, --quiet                  print addresses only (env: CARREL_QUIET)
      --no-input               never ask; a question is an error (env:
                               CARREL_NO_INPUT)
      --lock-timeout DURATION  how long to wait for a lock, in seconds or like
                               2m; 0 tries once (default: 10; env:
                               CARREL_LOCK_TIMEOUT)
      --root DIR               where everything is kept; also CARREL_ROOT
      --config-dir DIR         where the configuration is read from; also
                               CARREL_CONFIG_DIR
  -h, --help                   show help

Examples
  shelves book add A1 Emma --tag novel
      adds one copy

Exit status: shelves --help
`;
const PROGRAM_HELP = `Keep books

usage: shelves COMMAND [FLAGS] ...

book: what stands on shelves
  book list  List books
  book add   Add a book to a shelf
  book read  Read aloud
  book drop  Drop a book

Other commands
  version  Print the version

Flags
      --version  print the version

Global flags
      --json                   answer with one JSON document on stdout, or where
                               output streams with lines of JSON (env:
                               CARREL_JSON)
  -q, --quiet                  print addresses only (env: CARREL_QUIET)
      --no-input               never ask; a question is an error (env:
                               CARREL_NO_INPUT)
      --lock-timeout DURATION  how long to wait for a lock, in seconds or like
                               2m; 0 tries once (default: 10; env:
                               CARREL_LOCK_TIMEOUT)
      --root DIR               where everything is kept; also CARREL_ROOT
      --config-dir DIR         where the configuration is read from; also
                               CARREL_CONFIG_DIR
  -h, --help                   show help

Exit status
  0      ok
  1      the predicate is false, or nothing matched
  2      malformed command line or value
  3      no such thing
  4      conflict: ambiguous, or exists already
  5      wrong state for this
  6      lock not obtained in time
  7      wait timed out
  8      a human is needed
  9      the runtime is missing or failed
  10     storage failed
  11     some items failed
  12     no capacity left
  13     idempotency key was used with other arguments
  70     a bug, or a failure without a class
  124    the time limit of a run ended it
  125    the command could not be started
  126    the command is not executable
  127    the command was not found
  128+N  ended by signal N, or left because of it (129 hangup, 141 closed
         stdout)
`;

Deno.test("formatHelp() words a command", async () => {
  assertEquals(await runShelves(["book", "add", "--help"]), { exit: 0, stdout: COMMAND_HELP, stderr: "" });
});

Deno.test("formatHelp() words the program, its groups and commands", async () => {
  assertEquals((await runShelves(["--help"])).stdout, PROGRAM_HELP);
});

Deno.test("formatHelp() words a group with its commands only", async () => {
  const { exit, stdout } = await runShelves(["book", "-h"]);
  assertEquals(exit, 0);
  assertEquals(stdout.split("\n").slice(0, 9), [
    "what stands on shelves",
    "",
    "usage: shelves book COMMAND [FLAGS] ...",
    "",
    "Commands",
    "  book list  List books",
    "  book add   Add a book to a shelf",
    "  book read  Read aloud",
    "  book drop  Drop a book",
  ]);
});

Deno.test("formatHelp() keeps within the width", async () => {
  const look = { style: newStyle(false), wrapColumns: 60 };
  for (const words of [[], ["book"], ["book", "add"]]) {
    for (const line of formatHelp(await loadHelpPage(TABLE, words), look).split("\n")) {
      assert(line.length <= 60, line);
    }
  }
});

Deno.test("help of what is not there points to the nearest command, or to where all are listed", async () => {
  const hintOf = async (words: string[]) =>
    (await assertRejects(() => loadHelpPage(TABLE, words), AppError)).hint;
  assertEquals(await hintOf(["bok"]), "did you mean shelves book");
  assertEquals(await hintOf(["book", "lst"]), "did you mean shelves book list");
  assertEquals(await hintOf(["nothing"]), "shelves --help");
  assertEquals(await hintOf(["book", "nothing"]), "shelves book --help");
});

Deno.test("help is data under --json", async () => {
  const page = JSON.parse((await runShelves(["book", "add", "--help", "--json"])).stdout);
  assertEquals(page.usage, "shelves book add [FLAGS] SHELF [TITLE]");
  assertEquals(page.flags[1], {
    name: "--binding",
    short: null,
    placeholder: "BINDING",
    summary: "what holds it together",
    repeated: false,
    default: null,
    env: "SHELVES_BINDING",
    choices: ["cloth", "paper"],
  });
});

Deno.test("loadHelpPage() refuses words that lead nowhere", async () => {
  for (const words of [["bok"], ["book", "lst"], ["book", "list", "all"]]) {
    assertEquals((await assertRejects(() => loadHelpPage(TABLE, words), AppError)).code, "usage");
  }
});
