/**
 * Laws of holds and tickets after any history.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type {
  AcquireResult,
  Amounts,
  LockRow,
  ResourceLockStorage,
  TicketRow,
} from "../../../core/state/contracts/resource_lock.ts";
import type { StateBench, StateLaw } from "./state_suite.ts";

const CAPACITIES: Amounts = { a: 10, b: 8, c: 6 };

type Step =
  | { verb: "acquire" | "enqueue"; flow: string; amounts: Amounts; ttlMs: number | null }
  | { verb: "release" | "leave"; flow: string }
  | { verb: "wait"; ms: number };

const flow = fc.constantFrom("one", "two", "three", "four");
const resource = fc.constantFrom(...Object.keys(CAPACITIES));
const amounts = fc.dictionary(resource, fc.integer({ min: 0, max: 6 }), { minKeys: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ verb: fc.constant("acquire"), flow, amounts, ttlMs: fc.constantFrom(null, 50) }),
  fc.record({ verb: fc.constant("enqueue"), flow, amounts, ttlMs: fc.constantFrom(null, 50) }),
  fc.record({ verb: fc.constantFrom("release", "leave"), flow }),
  fc.record({ verb: fc.constant("wait"), ms: fc.integer({ min: 1, max: 60 }) }),
);

/** Registers them. */
export function resourceLockHistories(law: StateLaw): void {
  law("K09 B16 every answer follows from what is held and who waits, whatever came before", async (bench) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        for (const each of steps) await take(each, bench);
        const locks = await bench.bundle().resourceLock.listLocks();
        for (const [name, capacity] of Object.entries(CAPACITIES)) {
          assert(sum(locks.filter(({ resource_id }) => resource_id === name)) <= capacity);
        }
      }),
      { numRuns: 30 },
    );
  });
}

async function take(step: Step, { bundle, clock }: StateBench): Promise<void> {
  const { resourceLock } = bundle();
  switch (step.verb) {
    case "wait":
      return await clock.advance(step.ms);
    case "release":
    case "leave":
      return void await resourceLock[step.verb](step.flow);
    case "enqueue":
      return void await resourceLock.enqueue(step.flow, step.amounts, { ttlMs: step.ttlMs });
    case "acquire": {
      const due = await answerDue(step.flow, step.amounts, resourceLock);
      const { kind } = await resourceLock.acquireWithin(step.flow, step.amounts, CAPACITIES, {
        ttlMs: step.ttlMs,
      });
      assertEquals(kind, due);
    }
  }
}

/** What `acquireWithin` has to answer, told from the two lists alone. */
async function answerDue(
  dfid: string,
  wanted: Amounts,
  store: ResourceLockStorage,
): Promise<AcquireResult["kind"]> {
  const locks: readonly LockRow[] = await store.listLocks();
  const tickets: readonly TicketRow[] = await store.listTickets();
  const names = Object.keys(wanted);
  const held = (name: string, mine: boolean) =>
    locks.filter((row) => row.resource_id === name && (row.dfid === dfid) === mine);
  const fits = (name: string) => sum(held(name, false)) + (wanted[name] ?? 0) <= (CAPACITIES[name] ?? 0);
  if (!names.every(fits)) return "insufficient";
  if (names.every((name) => held(name, true).some(({ amount }) => amount >= (wanted[name] ?? 0)))) {
    return "acquired";
  }
  const place = tickets.findIndex((row) => row.dfid === dfid);
  const ahead = tickets.slice(0, place < 0 ? tickets.length : place);
  return ahead.some(({ resources }) => names.some((name) => name in resources)) ? "queued" : "acquired";
}

function sum(rows: readonly LockRow[]): number {
  return rows.reduce((total, { amount }) => total + amount, 0);
}
