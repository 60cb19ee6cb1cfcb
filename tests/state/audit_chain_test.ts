import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  auditHash,
  canonicalText,
  EMPTY_HEAD,
  GENESIS_HASH,
  verifyAuditChain,
} from "../../core/state/audit_chain.ts";
import type { AuditHead, AuditLink } from "../../core/state/contracts/decision_audit.ts";
import { sha256Hex } from "../../core/state/sha256.ts";

const COUNT = 6;

/** A sound chain whose events tell their place. */
function newChain(count = COUNT, from: AuditHead = EMPTY_HEAD): AuditLink[] {
  const links: AuditLink[] = [];
  for (let last = from; links.length < count;) {
    const seq = last.seq + 1;
    const content = {
      seq,
      dfid: `flow ${seq}`,
      event: "X",
      timestamp: "2026-01-01T00:00:00.000000Z",
      step_id: "",
      state: "",
      details_json: `{"n": ${seq}}`,
    };
    const link = { ...content, hash: auditHash(last.hash, content) };
    links.push(link);
    last = link;
  }
  return links;
}

/** What a store answers that holds these rows. */
function storing(rows: readonly AuditLink[], checkpoint: AuditHead = EMPTY_HEAD) {
  const ordered = rows.toSorted((one, other) => one.seq - other.seq);
  return {
    checkpoint: () => Promise.resolve(checkpoint),
    chain: ({ limit = Infinity, after = 0 } = {}) =>
      Promise.resolve(ordered.filter(({ seq }) => seq > after).slice(0, limit)),
  };
}

function headOf(links: readonly AuditLink[]): AuditHead {
  const { seq, hash } = links.at(-1) ?? EMPTY_HEAD;
  return { seq, hash };
}

Deno.test("canonicalText() is the documented JSON array", () => {
  const [link] = newChain(1);
  const text = `["${GENESIS_HASH}",1,"flow 1","X","2026-01-01T00:00:00.000000Z","","","{\\"n\\": 1}"]`;
  assertEquals(link && canonicalText(GENESIS_HASH, link), text);
  assertEquals(link?.hash, sha256Hex(text));
});

Deno.test("auditHash() depends on every part of the event and on the hash before it", () => {
  const [link] = newChain(1);
  if (link === undefined) return;
  const hashes = Object.keys(link).filter((name) => name !== "hash").map((name) =>
    auditHash(GENESIS_HASH, { ...link, [name]: name === "seq" ? 9 : "other" })
  );
  hashes.push(auditHash(link.hash, link), link.hash);
  assertEquals(new Set(hashes).size, 9);
});

Deno.test("auditHash() cannot be fooled by moving text from one part to the next", () => {
  const [link] = newChain(1);
  if (link === undefined) return;
  const one = auditHash(GENESIS_HASH, { ...link, step_id: 'a","b', state: "" });
  assertNotEquals(one, auditHash(GENESIS_HASH, { ...link, step_id: "a", state: "b" }));
});

Deno.test("verifyAuditChain() finds a sound chain sound, whatever the page size", async () => {
  const links = newChain();
  for (const pageSize of [1, 2, 3, COUNT, 1000]) {
    for (const head of [EMPTY_HEAD, headOf(links.slice(0, 3)), headOf(links)]) {
      const verdict = await verifyAuditChain(storing(links), { head, pageSize });
      assertEquals(verdict, { problem: null, head: headOf(links), checked: COUNT });
    }
  }
  assertEquals(await verifyAuditChain(storing([])), { problem: null, head: EMPTY_HEAD, checked: 0 });
});

Deno.test("verifyAuditChain() names the event that was changed in any part", async () => {
  const parts = fc.constantFrom("dfid", "event", "timestamp", "step_id", "state", "details_json", "hash");
  await fc.assert(fc.asyncProperty(fc.nat(COUNT - 1), parts, async (index, part) => {
    const links = newChain().map((link, at) => at === index ? { ...link, [part]: `${link[part]}!` } : link);
    const { problem, head, checked } = await verifyAuditChain(storing(links), { pageSize: 2 });
    assertEquals([problem, head.seq, checked], [{ kind: "changed", seq: index + 1 }, index, index]);
  }));
});

Deno.test("verifyAuditChain() names the first event after a gap", async () => {
  for (let gone = 0; gone < COUNT - 1; gone++) {
    const { problem } = await verifyAuditChain(storing(newChain().toSpliced(gone, 1)));
    assertEquals(problem, { kind: "missing", seq: gone + 2 });
  }
});

Deno.test("verifyAuditChain() names the first event of any that changed places", async () => {
  const place = fc.nat(COUNT - 1);
  await fc.assert(fc.asyncProperty(place, place, async (one, other) => {
    fc.pre(one !== other);
    const links = newChain();
    const moved = links.map((link, at) => {
      const from = at === one ? links[other] : at === other ? links[one] : link;
      return { ...from ?? link, seq: link.seq };
    });
    const { problem } = await verifyAuditChain(storing(moved));
    assertEquals(problem, { kind: "changed", seq: Math.min(one, other) + 1 });
  }));
});

Deno.test("verifyAuditChain() finds a chain that was made anew only with an earlier head", async () => {
  const rewritten = storing(rechain(newChain().map((link) => ({ ...link, event: "Y" }))));
  assertEquals((await verifyAuditChain(rewritten)).problem, null);
  for (const count of [1, 3, COUNT]) {
    const { problem } = await verifyAuditChain(rewritten, { head: headOf(newChain(count)) });
    assertEquals(problem, { kind: "rewritten", seq: count });
  }
});

Deno.test("verifyAuditChain() finds a cut tail only with an earlier head", async () => {
  const links = newChain();
  const cut = storing(links.slice(0, 4));
  assertEquals((await verifyAuditChain(cut)).problem, null);
  const verdict = await verifyAuditChain(cut, { head: headOf(links) });
  assertEquals(verdict, {
    problem: { kind: "cut", seq: COUNT },
    head: headOf(links.slice(0, 4)),
    checked: 4,
  });
});

Deno.test("verifyAuditChain() starts at the checkpoint", async () => {
  const links = newChain();
  const checkpoint = headOf(links.slice(0, 2));
  const pruned = storing(links.slice(2), checkpoint);
  const sound = { problem: null, head: headOf(links), checked: 4 };
  assertEquals(await verifyAuditChain(pruned), sound);
  assertEquals(await verifyAuditChain(pruned, { head: checkpoint }), sound);
  const early = await verifyAuditChain(pruned, { head: headOf(links.slice(0, 1)) });
  assertEquals(early.problem, { kind: "pruned", seq: 1 });
  const forged = await verifyAuditChain(pruned, { head: { ...checkpoint, hash: GENESIS_HASH } });
  assertEquals(forged.problem, { kind: "rewritten", seq: 2 });
  const moved = await verifyAuditChain(storing(links.slice(2), headOf(links.slice(0, 1))));
  assertEquals(moved.problem, { kind: "missing", seq: 3 });
});

Deno.test("verifyAuditChain() reads again when retention moves the start under it", async () => {
  const links = newChain();
  const before = storing(links);
  const after = storing(links.slice(4), headOf(links.slice(0, 4)));
  let reads = 0;
  const storage = {
    checkpoint: () => (reads > 0 ? after : before).checkpoint(),
    chain: (page: { limit?: number; after?: number }) => (++reads === 1 ? before : after).chain(page),
  };
  const verdict = await verifyAuditChain(storage, { pageSize: 2 });
  assertEquals(verdict, { problem: null, head: headOf(links), checked: 2 });
});

/** The same events with hashes that fit: what a forger makes who can write the whole file. */
function rechain(links: readonly AuditLink[]): AuditLink[] {
  let previous = GENESIS_HASH;
  return links.map((link) => ({ ...link, hash: previous = auditHash(previous, link) }));
}
