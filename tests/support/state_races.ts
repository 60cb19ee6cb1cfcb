/**
 * The races that the reference loses, each a round of all workers on one file and what must hold after it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ContextStore, type StorageBundle, verifyAuditChain } from "../../core/state/mod.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** Where they race. */
export interface Arena {
  readonly dbPath: string;
  /** The same file, seen from here. */
  readonly stores: StorageBundle;
  readonly pool: WorkerPool;
}

/** One round of a race, which throws when it was lost; nothing else on the file has that name. */
export type Race = (arena: Arena, round: string) => Promise<void>;

/** All of them, by what must hold. */
export const RACES: Readonly<Record<string, Race>> = {
  "B1 capacity is never exceeded": async ({ pool, stores }, round) => {
    const answers = await pool.all("acquire", round);
    const others = answers.filter((answer) => answer !== "ACQUIRED");
    assertEquals(others, Array(pool.processes - 1).fill("INSUFFICIENT_LIQUIDITY"));
    assertEquals(await stores.resourceLock.getLockedAmount(`a-${round}`, ""), 600);
    assertEquals(await stores.resourceLock.getLockedAmount(`b-${round}`, ""), 600);
  },

  "B2 no rejection is lost": async ({ pool, stores }, round) => {
    const counts = (await pool.all("reject", round)).flat();
    assertEquals(counts.sort(byValue), numbers(pool.processes * pool.repeats));
    assertEquals(await stores.intentRetry.getCount(round), pool.processes * pool.repeats);
  },

  "B3 the budget is granted exactly": async ({ pool, stores }, round) => {
    const granted = (await pool.all("ask", round)).filter((answer) => answer === "GRANTED").length;
    const asked =
      (await stores.escalation.getPendingRequests()).filter(({ agent_id }) => agent_id === round).length;
    const expected = Math.min(3, pool.processes);
    assertEquals([granted, asked], [expected, expected]);
  },

  "B4 a step is done once, and all get its result": async ({ dbPath, pool }, round) => {
    const answers = await pool.all("once", round);
    const [by, ...others] = await readTraces(dbPath, round);
    assertEquals([answers, others], [Array(pool.processes).fill({ by }), []]);
  },

  "B5 no update of a session or state is lost": async ({ pool, stores }, round) => {
    const versions = (await pool.all("merge", round)).flat();
    const context = new ContextStore({ storage: stores.context });
    assertEquals(Object.keys(await context.getSession(round)).length, pool.processes * pool.repeats);
    assertEquals(Object.keys(await context.getState(round)).length, pool.processes);
    assertEquals(versions.sort(byValue), numbers(pool.processes * pool.repeats));
  },

  "B17 a flow moves once, its audit with it": async ({ pool, stores }, round) => {
    await stores.lifecycle.recordTransition(round, null, "CREATED");
    assertEquals((await pool.all("move", round)).filter(Boolean).length, 1);
    assertEquals((await stores.lifecycle.getTransitions(round)).length, 2);
    assertEquals((await stores.decisionAudit.eventsForDfid(round)).length, 1);
  },

  "B21 a dirty flow is compensated once": async ({ dbPath, pool, stores }, round) => {
    await stores.saga.markDirty(round, "step", "{}");
    await pool.all("compensate", round);
    assertEquals((await readTraces(dbPath, round)).length, 1);
    assertEquals(await stores.saga.getDirtyState(round), null);
  },

  "B22 the chain of the audit stays whole": async ({ pool, stores }, round) => {
    await pool.all("audit", round);
    const events = await stores.decisionAudit.eventsForDfid(round);
    assertEquals(events.length, pool.processes * pool.repeats);
    assertEquals((await verifyAuditChain(stores.decisionAudit)).problem, null);
  },
};

/** The name of a round of a race. */
export function roundName(race: string, round: number): string {
  return `${race.split(" ", 1)[0]}-${round}`;
}

/** Who has left a trace. */
async function readTraces(dbPath: string, name: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${dbPath}.${name}`);
  assert(text.endsWith("\n"));
  return text.trimEnd().split("\n");
}

/** 1, 2, 3... */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function byValue(one: unknown, other: unknown): number {
  return Number(one) - Number(other);
}
