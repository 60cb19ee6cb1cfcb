/**
 * The races that the reference loses, rerun with real processes on one file.
 *
 * `CARREL_RACE_ROUNDS` and `CARREL_RACE_PROCESSES` make it longer and wider.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { newDenoHost } from "../../core/host/deno_host.ts";
import {
  ContextStore,
  IdempotencyGuard,
  judgeProcessOwner,
  ResourceLockManager,
  sqliteStorage,
  type StorageBundle,
  verifyAuditChain,
} from "../../core/state/mod.ts";
import { newWorkerPool, REPEATS, type WorkerPool } from "../support/state_worker.ts";
import { withDbPath } from "./managers/scene.ts";

const ROUNDS = Number(Deno.env.get("CARREL_RACE_ROUNDS") ?? 5);
const PROCESSES = Number(Deno.env.get("CARREL_RACE_PROCESSES") ?? 8);

interface Arena {
  readonly dbPath: string;
  readonly stores: StorageBundle;
  readonly pool: WorkerPool;
}

Deno.test("real processes racing on one file break no promise of the managers", (test) =>
  withDbPath(async (dbPath) => {
    await using stores = await sqliteStorage(dbPath);
    await using pool = await newWorkerPool(dbPath, PROCESSES);
    const arena = { dbPath, stores, pool };
    for (const [name, race] of Object.entries(RACES)) {
      await test.step(name, async () => {
        for (let round = 0; round < ROUNDS; round++) await race(arena, `${name.slice(0, 3).trim()}-${round}`);
      });
    }
  }));

const RACES: Readonly<Record<string, (arena: Arena, round: string) => Promise<void>>> = {
  "B1 capacity is never exceeded": async ({ pool, stores }, round) => {
    const answers = await pool.all("acquire", round);
    const others = answers.filter((answer) => answer !== "ACQUIRED");
    assertEquals(others, Array(PROCESSES - 1).fill("INSUFFICIENT_LIQUIDITY"));
    assertEquals(await stores.resourceLock.getLockedAmount(`a-${round}`, ""), 600);
    assertEquals(await stores.resourceLock.getLockedAmount(`b-${round}`, ""), 600);
  },

  "B2 no rejection is lost": async ({ pool, stores }, round) => {
    const counts = (await pool.all("reject", round)).flat();
    assertEquals(counts.sort((one, other) => Number(one) - Number(other)), numbers(PROCESSES * REPEATS));
    assertEquals(await stores.intentRetry.getCount(round), PROCESSES * REPEATS);
  },

  "B3 the budget is granted exactly": async ({ pool, stores }, round) => {
    const granted = (await pool.all("ask", round)).filter((answer) => answer === "GRANTED").length;
    const asked =
      (await stores.escalation.getPendingRequests()).filter(({ agent_id }) => agent_id === round).length;
    const expected = Math.min(3, PROCESSES);
    assertEquals([granted, asked], [expected, expected]);
  },

  "B4 a step is done once, and all get its result": async ({ dbPath, pool }, round) => {
    const answers = await pool.all("once", round);
    const [by, ...others] = await traces(dbPath, round);
    assertEquals([answers, others], [Array(PROCESSES).fill({ by }), []]);
  },

  "B5 no update of a session or state is lost": async ({ pool, stores }, round) => {
    const versions = (await pool.all("merge", round)).flat();
    const context = new ContextStore({ storage: stores.context });
    assertEquals(Object.keys(await context.getSession(round)).length, PROCESSES * REPEATS);
    assertEquals(Object.keys(await context.getState(round)).length, PROCESSES);
    assertEquals(versions.sort((one, other) => Number(one) - Number(other)), numbers(PROCESSES * REPEATS));
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
    assertEquals((await traces(dbPath, round)).length, 1);
    assertEquals(await stores.saga.getDirtyState(round), null);
  },

  "B22 the chain of the audit stays whole": async ({ pool, stores }, round) => {
    await pool.all("audit", round);
    assertEquals((await stores.decisionAudit.eventsForDfid(round)).length, PROCESSES * REPEATS);
    assertEquals((await verifyAuditChain(stores.decisionAudit)).problem, null);
  },
};

Deno.test("what a killed process has begun is continued, what it holds is taken over", () =>
  withDbPath(async (dbPath) => {
    await using stores = await sqliteStorage(dbPath);
    await using pool = await newWorkerPool(dbPath, 0);
    const host = newDenoHost();
    await pool.killOne("hold", "seats");
    await pool.killOne("begin", "df1");
    const managerWith = (options: { judge: boolean }) =>
      new ResourceLockManager({
        storage: stores.resourceLock,
        availabilityProvider: () => 1000,
        judgeOwner: (owner) =>
          options.judge && owner.kind === "process" ? judgeProcessOwner(owner, host) : "unknown",
      });
    assertEquals(await managerWith({ judge: false }).acquire("df1", { seats: 1 }), "INSUFFICIENT_LIQUIDITY");
    assertEquals(await managerWith({ judge: true }).acquire("df1", { seats: 1 }), "ACQUIRED");
    const guard = new IdempotencyGuard(stores.idempotency);
    assertEquals(await guard.run("df1", "step", {}, () => "continued"), "continued");
  }));

/** Who has left a trace. */
async function traces(dbPath: string, name: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${dbPath}.${name}`);
  assert(text.endsWith("\n"));
  return text.trimEnd().split("\n");
}

/** 1, 2, 3... */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
