import { assertEquals } from "@std/assert";
import { findArgv, markRoot } from "../../core/storage/find_argv.ts";

Deno.test("findArgv() asks for sizes, never for names, and marks the end of each tree", () => {
  assertEquals(findArgv(["/srv/a", "/srv/-b"], "whole"), [
    ...["find", "/srv/./a", "/.", "/srv/./-b", "/."],
    ...["-type", "f", "(", "-links", "1", "-printf", "%d,%s,%b,\\n"],
    ...["-o", "-printf", '%d,%s,%b,"%D:%i",\\n', ")"],
    ...["-o", "-path", "/.", "-prune", "-printf", "null,\\n"],
  ]);
});

Deno.test("findArgv() lets the halves differ in nothing but the directories that they leave alone", () => {
  const [first, second] = (["first", "second"] as const).map((half) =>
    findArgv(["/srv/a"], { depth: 2, half })
  );
  const whole = findArgv(["/srv/a"], "whole");
  const names = "*[02468bdfhjlnprtvxzBDFHJLNPRTVXZ]";
  const atDepth = ["-o", "-type", "d", "-path", "*/./*/*/*", "!", "-path", "*/./*/*/*/*"];
  assertEquals(first, [...whole, ...atDepth, "!", "-name", names, "-prune"]);
  assertEquals(second, [...whole, ...atDepth, "-name", names, "-prune"]);
});

Deno.test("markRoot() leaves the root the last name, so that a link is not followed", () => {
  assertEquals(["/a", "/a/b", "/a b/c d"].map(markRoot), ["/./a", "/a/./b", "/a b/./c d"]);
  assertEquals(["/a/b/", "/a/./b", "/x/../a//b"].map(markRoot), ["/a/./b", "/a/./b", "/a/./b"]);
});
