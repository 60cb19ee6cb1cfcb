import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeDecision, parseEscalation } from "../../core/meta/escalation.ts";
import { AGENT_FILE_BYTES_MAX } from "../../core/meta/untrusted_yaml.ts";
import { parseYaml } from "../../core/yaml/parse_yaml.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function problemOf(text: string | Uint8Array): Promise<string | null> {
  const parsed = await parseEscalation(typeof text === "string" ? bytesOf(text) : text);
  return parsed.ok ? null : parsed.problem;
}

Deno.test("parseEscalation() reads all keys, and needs no more than a reason", async () => {
  const all = "reason: why\ncontext: {a: [1]}\nproposal: {kind: drop}\nimpact: HIGH\ntoken: ab12\nmore: x\n";
  assertEquals(await parseEscalation(bytesOf(all)), {
    ok: true,
    escalation: {
      reason: "why",
      context: { a: [1] },
      proposal: { kind: "drop" },
      impact: "HIGH",
      token: "ab12",
    },
  });
  const least = { reason: "why", context: {}, proposal: {}, impact: "", token: null };
  for (
    const text of ["reason: why\n", "{reason: why}", "reason: why\ncontext:\nproposal: null\ntoken: ~\n"]
  ) {
    assertEquals(await parseEscalation(bytesOf(text)), { ok: true, escalation: least });
  }
});

Deno.test("parseEscalation() takes text as context and proposal", async () => {
  const parsed = await parseEscalation(bytesOf("reason: why\ncontext: |\n  a\n  b\nproposal: drop it\n"));
  assert(parsed.ok);
  const { context, proposal } = parsed.escalation;
  assertEquals([context, proposal], [{ text: "a\nb\n" }, { text: "drop it" }]);
});

Deno.test("parseEscalation() says what is wrong with everything else", async () => {
  const cases: [string, string][] = [
    ["", "it is not a map of plain values"],
    ["why\n", "it is not a map of plain values"],
    ["impact: HIGH\n", "it gives no reason"],
    ["reason: '  '\n", "it gives no reason"],
    ["reason: 7\n", "it gives no reason"],
    ["reason: why\ncontext: [1]\n", "its context is neither a map nor text"],
    ["reason: why\nproposal: 7\n", "its proposal is neither a map nor text"],
    ["reason: why\nimpact: {a: 1}\n", "its impact is not text"],
    ["reason: why\ntoken: 1234\n", "its token is not text"],
    ["reason: why\nself: &a {b: *a}\n", "it uses aliases"],
    [`reason: ${"x".repeat(AGENT_FILE_BYTES_MAX)}\n`, "it is larger than 64 KiB"],
    [`reason: why\ncontext: ${"{a: ".repeat(80)}1${"}".repeat(80)}\n`, "it is not a map of plain values"],
  ];
  for (const [text, problem] of cases) assertEquals(await problemOf(text), problem, text.slice(0, 60));
  assertEquals(await problemOf(new Uint8Array([0x72, 0xff])), "it is not UTF-8 text");
  for (const text of ["reason: [open", "reason: a\nreason: b\n", "reason: why\0", "[".repeat(60_000)]) {
    assert(await problemOf(text) !== null, text.slice(0, 20));
  }
});

Deno.test("parseEscalation() never throws", async () => {
  const pieces = fc.constantFrom("reason", "context", ": ", "{", "[", "&a", "*a", "|", "'", "\n", "!!", "? ");
  const text = fc.array(fc.oneof(pieces, fc.string())).map((parts) => parts.join(""));
  const anyBytes = fc.oneof(text.map(bytesOf), fc.uint8Array());
  await fc.assert(
    fc.asyncProperty(anyBytes, async (bytes) => {
      const parsed = await parseEscalation(bytes);
      if (parsed.ok) assert(parsed.escalation.reason.trim() !== "");
    }),
    { numRuns: 1000 },
  );
});

Deno.test("encodeDecision() is read back as it was made", async () => {
  const anyText = fc.string({ unit: "binary" });
  const anyMap = fc.dictionary(fc.string(), fc.oneof(anyText, fc.integer(), fc.boolean()));
  await fc.assert(
    fc.asyncProperty(anyText, fc.option(anyMap), fc.option(anyText), async (word, map, note) => {
      const proposal = map === null ? null : { ...map };
      const decision = {
        decision: word,
        request: "00",
        proposal,
        note,
        decided_at: "2026-01-01T00:00:00.000000Z",
      };
      assertEquals(await parseYaml(encodeDecision(decision)), { ok: true, value: decision });
    }),
  );
});
