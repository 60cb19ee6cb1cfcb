import { assertEquals } from "@std/assert";
import { parseCloneRefs, parseRemoteRefs, sameRefs } from "../../core/storage/git_refs.ts";

Deno.test("parseRemoteRefs() takes branches and tags, once each", () => {
  const text = [
    "1\tHEAD",
    "1\trefs/heads/a/b",
    "2\trefs/tags/v1",
    "1\trefs/tags/v1^{}",
    "3\trefs/pull/1/head",
    "4\trefs/notes/commits",
    "",
  ].join("\n");
  const { branch, head, refs } = parseRemoteRefs(text);
  assertEquals([branch, head, [...refs]], [null, "1", [["heads/a/b", "1"], ["tags/v1", "2"]]]);
});

Deno.test("parseRemoteRefs() of an upstream without a commit, or whose head is on a branch without one", () => {
  assertEquals(parseRemoteRefs(""), { branch: null, head: null, refs: new Map() });
  const unborn = parseRemoteRefs("ref: refs/heads/new\tHEAD\n1\trefs/heads/main\n");
  assertEquals([unborn.branch, unborn.head], [null, null]);
});

Deno.test("parseCloneRefs() leaves out what is the clone's own", () => {
  const text =
    "1 HEAD\n1 refs/heads/main\n1 refs/remotes/origin/HEAD\n1 refs/remotes/other/main\n2 refs/tags/v1\n";
  const { branch, head, refs } = parseCloneRefs(text, "1\n");
  assertEquals([branch, head, [...refs]], [null, "1", [["tags/v1", "2"]]]);
});

Deno.test("sameRefs() tells a ref more, less or elsewhere", () => {
  const refs = new Map([["heads/main", "1"], ["tags/v1", "2"]]);
  assertEquals(sameRefs(refs, new Map(refs)), true);
  for (
    const other of [
      new Map([["heads/main", "1"]]),
      new Map([...refs, ["heads/x", "1"]]),
      new Map([...refs, ["tags/v1", "3"]]),
    ]
  ) {
    assertEquals(sameRefs(refs, other), false);
  }
});
