/**
 * A process among others that work on the same state store, each of them as fast as it can.
 *
 * It reads orders from stdin and answers each on stdout, one JSON value a line; see `worker_pool.ts`.
 *
 * Usage: state_worker.ts FILE NAME
 *
 * @module
 */
import { newDenoHost } from "../../core/host/deno_host.ts";
import {
  ContextStore,
  EscalationManager,
  IdempotencyGuard,
  IntentRetryGovernor,
  processOwner,
  ResourceLockManager,
  SagaCompensation,
  sqliteStorage,
  type StorageBundle,
  transition,
} from "../../core/state/mod.ts";
import { encodeLine, readLines } from "./line_process.ts";
import { watchWrites } from "./watch_writes.ts";

/** What a worker can be told to do. */
export type Job =
  | "acquire"
  | "hold"
  | "reject"
  | "ask"
  | "once"
  | "begin"
  | "merge"
  | "compensate"
  | "move"
  | "audit"
  | "waits";

/** One order. */
export interface Order {
  readonly job: Job;
  /** What the round is about: flows, agents and resources are named after it. */
  readonly round: string;
  /** How often to do what counts. */
  readonly repeats: number;
  /** When all begin, milliseconds since the epoch. */
  readonly startMs: number;
}

/** What a worker says to an order. */
export type Answer = { readonly result: unknown } | { readonly failure: string };

type Jobs = Readonly<Record<Job, (order: Order) => Promise<unknown>>>;

const host = newDenoHost();

function jobsOf(stores: StorageBundle, dbPath: string, worker: string): Jobs {
  const guard = new IdempotencyGuard(stores.idempotency);
  const governor = new IntentRetryGovernor({ storage: stores.intentRetry });
  const context = new ContextStore({ storage: stores.context });
  const escalation = new EscalationManager({ storage: stores.escalation });
  // A slow provider is what made the reference over-allocate in every round.
  const slowly = () => host.clock.sleep(1).then(() => 1000);
  const locks = new ResourceLockManager({ storage: stores.resourceLock, availabilityProvider: slowly });
  const longestWrite = watchWrites(stores);
  const leaveTrace = (name: string) =>
    Deno.writeTextFile(`${dbPath}.${name}`, `${worker}\n`, { append: true }).then(() => host.clock.sleep(5));
  const repeat = async <Result>(times: number, action: (index: number) => Promise<Result>) => {
    const results = [];
    for (let index = 0; index < times; index++) results.push(await action(index));
    return results;
  };
  return {
    acquire: ({ round }) => locks.acquire(`${round}-${worker}`, { [`a-${round}`]: 600, [`b-${round}`]: 600 }),
    hold: async ({ round }) => {
      const owner = await processOwner(host, Deno.pid) ?? { kind: "lease", name: "nobody" } as const;
      return await locks.acquire(`${round}-dead`, { [round]: 1000 }, 5, { owner });
    },
    reject: ({ round, repeats }) => repeat(repeats, () => governor.recordRejection(round)),
    ask: ({ round }) =>
      escalation.requestEscalation(`${round}-${worker}`, round, "unsure", {}, { kind: "pay" }, "HIGH_IMPACT"),
    once: ({ round }) => guard.run(round, "step", {}, () => leaveTrace(round).then(() => ({ by: worker }))),
    begin: ({ round }) =>
      stores.idempotency.reserve(guard.key(round, "step", {}), { owner: worker, leaseMs: 1000 }),
    merge: async ({ round, repeats }) => {
      await repeat(repeats, (index) => context.updateSession(round, { [`${worker}-${index}`]: index }));
      return await repeat(
        repeats,
        async () => (await context.updateState(round, { [worker]: true })).version,
      );
    },
    compensate: ({ round }) =>
      new SagaCompensation({ storage: stores.saga, revertCallback: () => leaveTrace(round).then(() => true) })
        .executeCompensation(round, "REVERT"),
    move: ({ round }) =>
      transition(round, "CREATED", "ACTIVE", {
        storage: stores.lifecycle,
        audit: { dfid: round, event: "MOVED" },
      })
        .then(() => true, () => false),
    audit: ({ round, repeats }) =>
      repeat(
        repeats,
        (index) => stores.decisionAudit.record(round, "EVENT", { details: { worker, index } }),
      ),
    waits: () => Promise.resolve(longestWrite()),
  };
}

/** Does it when all begin; what it throws is told, for the race to judge. */
async function answer(jobs: Jobs, order: Order): Promise<Answer> {
  try {
    await host.clock.sleep(Math.max(0, order.startMs - Date.now()));
    return { result: await jobs[order.job](order) ?? null };
  } catch (error) {
    return { failure: String(error) };
  }
}

if (import.meta.main) {
  const [dbPath = "", worker = ""] = Deno.args;
  await using stores = await sqliteStorage(dbPath);
  const jobs = jobsOf(stores, dbPath, worker);
  await Deno.stdout.write(encodeLine("ready"));
  for await (const line of readLines(Deno.stdin.readable)) {
    await Deno.stdout.write(encodeLine(await answer(jobs, JSON.parse(line))));
  }
}
