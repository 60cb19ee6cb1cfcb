import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { verifyAuditChain } from "../../../core/state/audit_chain.ts";
import { hashSessionToken } from "../../../core/state/hash_session_token.ts";
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";
import { anyRows, type Rows, writeRows } from "./any_rows.ts";
import { G1 } from "./reference_schemas.ts";
import { newScene } from "./scene.ts";

async function compare(stores: StorageBundle, all: Rows): Promise<void> {
  const agents = await stores.agentRegistry.listAgents();
  assertEquals(
    agents.map(({ seq: _, ...agent }) => agent),
    all.agents.map((row) => ({
      ...row,
      session_token: row.session_token === null ? null : hashSessionToken(row.session_token),
      registered_at: row.registered_at.stamp,
      updated_at: row.updated_at.stamp,
    })),
  );
  for (const { dfid, data } of all.sessions) {
    assertEquals(JSON.parse(await stores.context.getSession(dfid) ?? ""), data);
  }
  for (const { agent_id, data } of all.states) {
    assertEquals(JSON.parse(await stores.context.getState(agent_id) ?? ""), data);
  }
  for (const { key, result } of all.results) assertEquals(await stores.idempotency.get(key), result);

  assertEquals(await stores.saga.getDirtyFlows(), all.dirty.map(({ dfid }) => dfid));
  for (const { dfid, failed_step, partial_state, created_at } of all.dirty) {
    const state = {
      failed_step,
      partial_state,
      attempts: 0,
      last_outcome: null,
      marked_at: created_at.stamp,
    };
    assertEquals(await stores.saga.getDirtyState(dfid), state);
  }
  const held = new Map(
    (await stores.resourceLock.listLocks()).map((
      { dfid, resource_id, amount },
    ) => [dfid + resource_id, amount]),
  );
  assertEquals(held, new Map(all.locks.map(({ dfid, resource_id, amount }) => [dfid + resource_id, amount])));
  for (const { dfid, count } of all.retries) assertEquals(await stores.intentRetry.getCount(dfid), count);

  for (const agent of ["a", "b"]) {
    for (const { created_at: { column, stamp } } of all.tokens) {
      const later = all.tokens.filter((token) =>
        token.agent_id === agent && token.created_at.column >= column
      );
      assertEquals(await stores.escalation.getWindowCount(agent, stamp), later.length);
    }
  }
  for (const { settled, created_at, ...asked } of all.questions) {
    const { seq: _seq, request_id: _id, ...found } = await stores.escalation.getRequest(asked.dfid) ??
      { seq: 0, request_id: null };
    assertEquals(found, {
      ...asked,
      created_at: created_at.stamp,
      status: settled === null ? "PENDING" : "RESOLVED",
      resolved_at: settled?.at ?? null,
      human_decision: settled?.decision ?? null,
    });
  }
  const decided = all.questions.filter(({ settled }) => settled !== null);
  assertEquals(
    (await stores.escalation.getDecisions()).map((
      { dfid, decision, resolved_at },
    ) => [dfid, decision, resolved_at]),
    decided.map(({ dfid, settled }) => [dfid, settled?.decision, settled?.at]),
  );

  assertEquals(
    (await stores.lifecycle.getTransitions()).map(({ seq: _, ...step }) => step),
    all.steps.map(({ dfid, from, to, created_at }) => ({
      dfid,
      from_status: from,
      to_status: to,
      created_at: created_at.stamp,
    })),
  );
  for (const { dfid } of all.steps) {
    assertEquals(
      await stores.lifecycle.getStatus(dfid),
      all.steps.findLast((step) => step.dfid === dfid)?.to,
    );
  }
  const firsts = [...new Set(all.steps.map(({ dfid }) => dfid))];
  assertEquals((await stores.lifecycle.listFlows()).map(({ dfid }) => dfid), firsts);

  assertEquals(
    (await stores.decisionAudit.allEventsChronological()).map(({ hash: _, ...event }) => event),
    all.events.map((event, index) => ({ ...event, seq: index + 1 })),
  );
  assertEquals((await verifyAuditChain(stores.decisionAudit)).problem, null);
}

Deno.test("importReference() of any rows: our stores give the same values, and a second time changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, async (all) => {
      await using scene = newScene(...G1);
      writeRows(scene.file, all);
      const report = await scene.import();
      assertEquals(report.problems, []);
      await using stores = await scene.open();
      await compare(stores, all);
      // Another content, the same rows.
      scene.write("CREATE TABLE notes (text)");
      const again = await scene.import();
      assertEquals([
        again.imported_before,
        Object.values(again.tables).every(({ imported }) => imported === 0),
      ], [false, true]);
      await compare(stores, all);
    }),
    { numRuns: 25 },
  );
});
