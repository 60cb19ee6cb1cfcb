/**
 * One round of the state benchmark: every operation on every backend, one right after the other.
 *
 * @module
 */
import type { StorageBundle } from "../../core/state/mod.ts";
import { managerOperations } from "./manager_operations.ts";
import { type Backend, BACKENDS } from "./open_backend.ts";
import { hasCounterpart, type Operation } from "./operation.ts";
import type { ReferenceProcess } from "./reference_process.ts";
import { pruneOperations, storeOperations } from "./store_operations.ts";

/** Microseconds a call, by operation. */
export type Times = ReadonlyMap<string, number>;

/** What a round gives. */
export type RoundTimes = Readonly<Record<Backend | "reference", Times>>;

/** All operations on these stores, in an order in which each finds what it needs. */
export function allOperations(stores: StorageBundle): Operation[] {
  return [...storeOperations(stores), ...managerOperations(stores), ...pruneOperations(stores)];
}

/**
 * Measures a round. Without a reference, carrel's own plainest write and read in SQLite at FULL take its
 * place.
 */
export async function measureRound(
  operations: Readonly<Record<Backend, readonly Operation[]>>,
  reference: ReferenceProcess | null,
  calls: number,
): Promise<RoundTimes> {
  const times = {
    full: new Map<string, number>(),
    normal: new Map<string, number>(),
    memory: new Map<string, number>(),
    reference: new Map<string, number>(),
  };
  for (const [at, one] of operations.full.entries()) {
    const { name } = one;
    if (reference !== null && hasCounterpart(one)) {
      times.reference.set(name, await reference.measure(name, calls));
    }
    for (const backend of BACKENDS) {
      const operation = operations[backend][at];
      if (operation !== undefined) times[backend].set(name, await measure(operation, calls));
    }
  }
  await reference?.measure("reset", 1);
  return reference === null ? { ...times, reference: plainTimes(operations.full, times.full) } : times;
}

function plainTimes(operations: readonly Operation[], full: Times): Times {
  const plain = operations.filter(hasCounterpart).map(({ name, transactions }): [string, number] => [
    name,
    full.get(transactions > 0 ? "context.setSession" : "context.getSession") ?? NaN,
  ]);
  return new Map(plain);
}

async function measure(operation: Operation, calls: number): Promise<number> {
  const count = operation.once === true ? 1 : calls;
  await prepareCalls(operation, count);
  const begin = performance.now();
  for (let key = 0; key < count; key++) await operation.run(key);
  return (performance.now() - begin) * 1000 / count;
}

/** Makes ready what the calls need. */
export async function prepareCalls({ prepare }: Operation, count: number): Promise<void> {
  if (prepare === undefined) return;
  for (let key = 0; key < count; key++) await prepare(key);
}
