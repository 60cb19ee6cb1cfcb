/**
 * The races that the reference loses, rerun with real processes on one file; `deno task races` does it longer
 * and wider.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newDenoHost } from "../../core/host/deno_host.ts";
import {
  IdempotencyGuard,
  judgeProcessOwner,
  ResourceLockManager,
  sqliteStorage,
} from "../../core/state/mod.ts";
import { RACES, roundName } from "../support/state_races.ts";
import { newWorkerPool } from "../support/worker_pool.ts";
import { withDbPath } from "./managers/scene.ts";

const ROUNDS = 5;

Deno.test("real processes racing on one file break no promise of the managers", (test) =>
  withDbPath(async (dbPath) => {
    await using stores = await sqliteStorage(dbPath);
    await using pool = await newWorkerPool(dbPath, { processes: 8, repeats: 20 });
    for (const [name, race] of Object.entries(RACES)) {
      await test.step(name, async () => {
        for (let round = 0; round < ROUNDS; round++) {
          await race({ dbPath, stores, pool }, roundName(name, round));
        }
      });
    }
  }));

Deno.test("what a killed process has begun is continued, what it holds is taken over", () =>
  withDbPath(async (dbPath) => {
    await using stores = await sqliteStorage(dbPath);
    await using pool = await newWorkerPool(dbPath, { processes: 0, repeats: 1 });
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
