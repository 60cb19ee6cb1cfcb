import { assert, assertEquals } from "@std/assert";
import { VERBS } from "./verbs.ts";
import { recordOrder, wordSteps } from "./write_order.ts";

const DOCUMENT = new URL("../../docs/write-orders.md", import.meta.url);
const SECTION = /^## (.+)\n[^]*?```text\n([^`]*)\n```/gm;

const sections = Array.from(
  (await Deno.readTextFile(DOCUMENT)).matchAll(SECTION),
  ([, name = "", steps = ""]) => ({ name, steps: steps.split("\n") }),
);

Deno.test("every writing verb has its write order in docs/write-orders.md", () => {
  const commands = (names: readonly { readonly name: string }[]) =>
    new Set(names.map(({ name }) => name.split(/,| --/)[0] ?? ""));
  assertEquals(commands(VERBS).difference(commands(sections)), new Set());
});

for (const { name, steps } of sections) {
  Deno.test(`docs/write-orders.md says what ${name} writes, in its order`, async () => {
    const verb = VERBS.find((each) => each.name === name);
    assert(verb !== undefined, "a verb of this name is run");
    assertEquals(await recordOrder(verb), steps);
  });
}

Deno.test("wordSteps() makes one step of a durable replacement, and none of what is said again", () => {
  const root = "/srv/carrel";
  const temporary = `${root}/core/a/.x.yml.0123456789abcdef.tmp`;
  assertEquals(
    wordSteps([
      "lifecycle.transitionIf",
      "saga.markDirty",
      `create ${temporary}`,
      `rename ${temporary} to ${root}/core/a/x.yml`,
      `syncDir ${root}/core/a`,
      `rename ${root}/core/a/x.yml to ${root}/core/a/y.yml`,
    ]),
    ["operation", "write core/a/x.yml", "rename core/a/x.yml to core/a/y.yml"],
  );
});
