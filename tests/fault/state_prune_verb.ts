/**
 * History that is forgotten: three writes in the state store, each whole.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { pruneState } from "../../core/engine/prune_state.ts";
import { verifyAuditChain } from "../../core/state/audit_chain.ts";
import type { Scene } from "./scene.ts";
import type { Verb } from "./verbs.ts";

const DAY_S = 86_400;

/** `state prune`, a month after a task was made and purged. */
export const STATE_PRUNE_VERB: Verb = {
  name: "state prune",
  beginning: "none",
  run: async (carrel, { world }) => {
    await world.host.clock.advance(30 * DAY_S * 1000);
    await pruneState(carrel, { olderThanS: 7 * DAY_S });
  },
  // Wherever it stopped, the audit can be verified, and what has not ended is there.
  check: async (_carrel, scene, outcome) => {
    const { problem } = await verifyAuditChain(scene.world.state.decisionAudit);
    assertEquals(problem, null);
    if (outcome === "done") assertEquals(await oldFlows(scene), 0);
  },
  again: async (carrel, scene) => {
    await pruneState(carrel, { olderThanS: 7 * DAY_S });
    assertEquals(await oldFlows(scene), 0);
  },
};

async function oldFlows({ world: { host, state } }: Scene): Promise<number> {
  const since = new Date(host.clock.nowMicros() / 1000 - 7 * DAY_S * 1000).toISOString();
  const flows = await state.lifecycle.listFlows({ statuses: ["CLOSED", "ABORTED"] });
  return flows.filter(({ changed_at }) => changed_at < since).length;
}
