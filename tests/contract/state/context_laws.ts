/**
 * Laws of sessions and states.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assertRefused, atOnce, LONE_SURROGATE } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

const TEXTS = [
  "",
  "5",
  "1e3",
  "-0",
  " 42 ",
  "9007199254740993",
  "123456789012345678901",
  '{"ok":true}',
  "null",
  '"ż😀\\u0000"',
];

/** Registers them. */
export function contextLaws(law: StateLaw): void {
  law("X01 X03 D9 a text comes back as it was stored, digit for digit", async ({ bundle, turn }) => {
    const { context } = bundle();
    for (const [index, text] of TEXTS.entries()) {
      await context.setSession(`flow ${index}`, "{}");
      await context.setSession(`flow ${index}`, text);
      await context.setState(`agent ${index}`, text);
    }
    await turn();
    for (const [index, text] of TEXTS.entries()) {
      assertEquals(await bundle().context.getSession(`flow ${index}`), text);
      assertEquals(await bundle().context.getState(`agent ${index}`), text);
    }
    assertEquals([await bundle().context.getSession("x"), await bundle().context.getState("x")], [
      null,
      null,
    ]);
  });

  law("any well-formed text without U+0000 can name a flow", async ({ bundle, turn }) => {
    const names = [
      "",
      "a",
      "A",
      "a ",
      "ż",
      "z\u0307",
      "😀",
      "\ufeff",
      "'; DROP TABLE x",
    ];
    for (const name of names) await bundle().context.setSession(name, JSON.stringify(name));
    await turn();
    for (const name of names) assertEquals(await bundle().context.getSession(name), JSON.stringify(name));
    await assertRefused(() => bundle().context.setSession("a\u0000b", "{}"));
  });

  law("D10 what is neither JSON nor empty is refused, and changes nothing", async ({ bundle }) => {
    const { context } = bundle();
    await context.setSession("flow", "{}");
    for (const text of ["{", "NaN", "undefined", " ", `"${LONE_SURROGATE}"`]) {
      await assertRefused(() => context.setSession("flow", text));
      await assertRefused(() => context.setState("agent", text));
      await assertRefused(() => context.mergeSession("flow", text));
      await assertRefused(() => context.compareAndSetState("agent", 0, text));
    }
    await assertRefused(() => context.setSession(LONE_SURROGATE, "{}"));
    assertEquals([await context.getSession("flow"), await context.getState("agent")], ["{}", null]);
  });

  law("X02 D8 each write of a state increments its version", async ({ bundle, turn }) => {
    const { context } = bundle();
    assertEquals(await context.getStateVersioned("agent"), null);
    await context.setState("agent", "{}");
    await context.setState("agent", "{}");
    await turn();
    assertEquals(await bundle().context.getStateVersioned("agent"), { data: "{}", version: 2 });
    assertEquals(await bundle().context.mergeState("agent", '{"a":1}'), { data: '{"a": 1}', version: 3 });
  });

  law("D8 a state is set only at the version that is expected", async ({ bundle }) => {
    const { context } = bundle();
    assertEquals(await context.compareAndSetState("agent", 1, "{}"), null);
    assertEquals(await context.compareAndSetState("agent", 0, '"first"'), 1);
    assertEquals(await context.compareAndSetState("agent", 0, '"again"'), null);
    assertEquals(await context.compareAndSetState("agent", 1, '"second"'), 2);
    assertEquals(await context.getStateVersioned("agent"), { data: '"second"', version: 2 });
  });

  law("D8 of many who set the same version one succeeds", async ({ bundle }) => {
    const { context } = bundle();
    const versions = await atOnce(8, (index) => context.compareAndSetState("agent", 0, String(index)));
    assertEquals(versions.filter((version) => version !== null), [1]);
  });

  law(
    "a merge puts the patch over the members, and keeps every number as it was",
    async ({ bundle, turn }) => {
      const { context } = bundle();
      assertEquals(await context.mergeSession("flow", '{"a":{"x":1},"b":1.0}'), '{"a": {"x": 1}, "b": 1.0}');
      await turn();
      const merged = '{"a": {"y": 9007199254740993}, "b": 1.0, "__proto__": null}';
      const patch = '{"a":{"y":9007199254740993},"__proto__":null}';
      assertEquals(await bundle().context.mergeSession("flow", patch), merged);
      assertEquals(await bundle().context.getSession("flow"), merged);
      await bundle().context.setState("agent", "");
      assertEquals(await bundle().context.mergeState("agent", '{"k":"é"}'), {
        data: String.raw`{"k": "\u00e9"}`,
        version: 2,
      });
    },
  );

  law("only objects can be merged", async ({ bundle }) => {
    const { context } = bundle();
    await context.setSession("flow", "[1]");
    await assertRefused(() => context.mergeSession("flow", "{}"));
    await assertRefused(() => context.mergeSession("other", "7"));
    assertEquals([await context.getSession("flow"), await context.getSession("other")], ["[1]", null]);
  });

  law("B5 merges made at once are all kept", async ({ bundle, turn }) => {
    const { context } = bundle();
    await atOnce(160, (index) => context.mergeSession("flow", `{"key${index}":${index}}`));
    await atOnce(160, (index) => context.mergeState("agent", `{"key${index}":${index}}`));
    await turn();
    const session = JSON.parse(await bundle().context.getSession("flow") ?? "");
    const state = await bundle().context.getStateVersioned("agent");
    assertEquals([Object.keys(session).length, state?.version], [160, 160]);
    assertEquals(Object.keys(JSON.parse(state?.data ?? "")).length, 160);
  });

  law("a snapshot has both", async ({ bundle }) => {
    const { context } = bundle();
    assertEquals(await context.readContext("agent", "flow"), { session: null, state: null });
    await context.setSession("flow", "1");
    await context.setState("agent", "2");
    assertEquals(await context.readContext("agent", "flow"), { session: "1", state: "2" });
  });

  law("B14 retention removes sessions that were last written before a time, never states", async (bench) => {
    const { context } = bench.bundle();
    await context.setSession("old", "{}");
    await context.setSession("touched", "{}");
    await context.setState("agent", "{}");
    await bench.clock.advance(1000);
    const before = bench.clock.nowMicros();
    await context.mergeSession("touched", "{}");
    assertEquals([await context.prune(before), await context.prune(before)], [1, 0]);
    assertEquals(await context.getSession("old"), null);
    assertEquals([await context.getSession("touched"), await context.getState("agent")], ["{}", "{}"]);
  });
}
