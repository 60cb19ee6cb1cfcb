/**
 * Whose containers are whose.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { isForeign, isWanted, nameFilter } from "../../../runtimes/podman/container_names.ts";

const ROOT = "/srv/carrel";
const OURS = { "carrel.root": ROOT };

for (
  const [words, name, labels, query, wanted] of [
    ["ours", "demo-run-q7m2x", OURS, {}, true],
    ["ours, whatever its name", "anything", OURS, {}, true],
    ["another root's", "demo-run-q7m2x", { "carrel.root": "/other" }, {}, false],
    ["another root's, asked by name", "demo-run-q7m2x", { "carrel.root": "/other" }, {
      names: ["demo-run-q7m2x"],
    }, false],
    ["another root's, asked for all the same", "demo-run-q7m2x", { "carrel.root": "/other" }, {
      anyRoot: new Set(["demo-run-q7m2x"]),
    }, true],
    ["labels without a root, asked for all the same", "demo-run-q7m2x", { "carrel.project": "demo" }, {
      anyRoot: new Set(["demo-run-q7m2x"]),
    }, false],
    ["the reference's", "demo-cli-q7m2x", {}, {}, true],
    ["the reference's, with labels of its image", "demo-cli-q7m2x", { version: "1" }, {}, true],
    ["the reference's old web mode", "demo-web-q7m2x", {}, {}, true],
    ["a stranger's", "postgres", {}, {}, false],
    ["a stranger's with an id that is none", "demo-run-aaaaa", {}, {}, false],
    ["labels of carrel's without a root", "demo-run-q7m2x", { "carrel.project": "demo" }, {}, false],
    [
      "of the project by label",
      "x-run-q7m2x",
      { ...OURS, "carrel.project": "demo" },
      { project: "demo" },
      true,
    ],
    ["of another by label", "demo-run-q7m2x", { ...OURS, "carrel.project": "x" }, { project: "demo" }, false],
    ["of the project by name", "demo-run-q7m2x", {}, { project: "demo" }, true],
    ["foo does not catch foo-bar by name", "foo-bar-run-q7m2x", {}, { project: "foo" }, false],
    ["foo does not catch foo-bar by label", "foo-bar-run-q7m2x", { ...OURS, "carrel.project": "foo-bar" }, {
      project: "foo",
    }, false],
    ["a project named like a mode", "foo-run-cli-q7m2x", {}, { project: "foo-run" }, true],
    ["a name that was not asked for", "demo-run-q7m2x", OURS, { names: ["demo-run-q7m2y"] }, false],
    ["name and project", "demo-run-q7m2x", {}, { names: ["demo-run-q7m2x"], project: "x" }, false],
  ] as const
) {
  Deno.test(`isWanted() ${words}: ${wanted}`, () => {
    assertEquals(isWanted({ name, labels }, query, ROOT), wanted);
  });
}

Deno.test("nameFilter() lets every container of a project through, and none of foo-bar for foo", () => {
  const filter = new RegExp(nameFilter({ project: "foo" }) ?? "");
  assert(["foo-cli-q7m2x", "foo-run-k3v8h", "foo-diff-k3v8h"].every((name) => filter.test(name)));
  assert(!["foo-bar-cli-q7m2x", "xfoo-cli-q7m2x", "foo-cli-q7m2x-y"].some((name) => filter.test(name)));
});

Deno.test("nameFilter() is exact about names and gives up on too many", () => {
  const filter = new RegExp(nameFilter({ names: ["a.b", "c"] }) ?? "");
  assert(["a.b", "c"].every((name) => filter.test(name)));
  assert(!["axb", "cc", ""].some((name) => filter.test(name)));
  assertEquals(
    nameFilter({ names: Array.from({ length: 20_000 }, (_, index) => `demo-run-${index}`) }),
    null,
  );
});

Deno.test("isForeign() leaves strangers alone only when they are another carrel's", () => {
  assert(isForeign({ labels: { "carrel.root": "/other" } }, ROOT));
  assert(!isForeign({ labels: OURS }, ROOT));
  assert(!isForeign({ labels: {} }, ROOT));
});
