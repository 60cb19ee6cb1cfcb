/**
 * A decision that is stored and left for the agent: two writes.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { resolveEscalation } from "../../core/engine/resolve_escalation.ts";
import { isAppError } from "../../core/error.ts";
import { placesOf, treeAt } from "../support/world.ts";
import type { Scene } from "./scene.ts";
import type { Verb } from "./verbs.ts";

const DECISION = { decision: "OVERRIDE", note: "go on" } as const;

/** `escalation resolve` of a task that asks. */
export const ESCALATION_VERB: Verb = {
  name: "escalation resolve",
  beginning: "running",
  run: (carrel, scene) => {
    askForHuman(scene);
    return resolveEscalation(carrel, scene.ref, DECISION);
  },
  // What the agent reads was decided; what was decided it can read, at the latest once it is tried again.
  check: async (_carrel, scene, outcome) => {
    const [decided, told] = [await countDecisions(scene), isTold(scene)];
    assertEquals(decided <= 1 && (decided === 1 || !told), true);
    if (outcome === "done") assertEquals([decided, told], [1, true]);
  },
  again: async (carrel, scene) => {
    try {
      await resolveEscalation(carrel, scene.ref, DECISION);
    } catch (error) {
      if (!isAppError(error, "wrong_state")) throw error;
    }
    assertEquals([await countDecisions(scene), isTold(scene)], [1, true]);
  },
};

function askForHuman({ world, ref }: Scene): void {
  const agentDir = `${placesOf(ref).dir}/agent-config`;
  const token = treeAt(world.host, agentDir)["agent.token"];
  world.host.files.put(`${agentDir}/escalation.yml`, `reason: may I?\ntoken: ${token}`);
}

async function countDecisions({ world, ref }: Scene): Promise<number> {
  return (await world.state.escalation.getDecisions(`demo/${ref.id}`)).length;
}

/** Whether the agent finds the decision. */
function isTold({ world, ref }: Scene): boolean {
  const text = treeAt(world.host, `${placesOf(ref).dir}/agent-config`)["decision.yml"] ?? "";
  return text.startsWith("decision: OVERRIDE\nrequest: ");
}
