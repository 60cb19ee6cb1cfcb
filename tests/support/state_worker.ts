/**
 * A process among others that work on the same state store, each of them as fast as it can.
 *
 * It reads orders from stdin and answers each on stdout, one JSON value a line: `newWorkerPool` starts many
 * and gives all of them the same order at the same time.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
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
  | "audit";

/** One order. */
export interface Order {
  readonly job: Job;
  /** What the round is about: flows, agents and resources are named after it. */
  readonly round: string;
}

/** How often a worker repeats the jobs that count. */
export const REPEATS = 20;

/** Started workers. */
export interface WorkerPool extends AsyncDisposable {
  /** Gives all the same order; their answers, in the order of the workers. */
  all(job: Job, round: string): Promise<unknown[]>;
  /** Gives one an order without waiting for the answer; then ends it, as by `kill -9`, once it says so. */
  killOne(job: Job, round: string): Promise<void>;
}

/** Starts so many workers on a file; they are ready when this returns. */
export async function newWorkerPool(dbPath: string, count: number): Promise<WorkerPool> {
  const workers = Array.from({ length: count }, (_, index) => startWorker(dbPath, index));
  await Promise.all(workers.map((worker) => worker.next()));
  return {
    all: async (job, round) => {
      await Promise.all(workers.map((worker) => worker.send({ job, round })));
      return await Promise.all(workers.map((worker) => worker.next()));
    },
    killOne: async (job, round) => {
      const worker = startWorker(dbPath, count);
      await worker.next();
      await worker.send({ job, round });
      await worker.next();
      await worker.end("SIGKILL");
    },
    [Symbol.asyncDispose]: async () => void await Promise.all(workers.map((worker) => worker.end())),
  };
}

function startWorker(dbPath: string, index: number) {
  const args = [
    "run",
    "--allow-all",
    "--no-check",
    "--quiet",
    fromFileUrl(import.meta.url),
    dbPath,
    String(index),
  ];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" }).spawn();
  const orders = child.stdin.getWriter();
  const answers = lines(child.stdout);
  return {
    send: (order: Order) => orders.write(encodeLine(order)),
    next: async () => {
      const { value } = await answers.next();
      return value === undefined ? null : JSON.parse(value);
    },
    end: async (signal?: Deno.Signal) => {
      if (signal !== undefined) child.kill(signal);
      await orders.close().catch(() => {});
      await answers.return(undefined);
      await child.status;
    },
  };
}

function encodeLine(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

async function* lines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

type Jobs = Readonly<Record<Job, (round: string) => Promise<unknown>>>;

function jobsOf(stores: StorageBundle, dbPath: string, worker: string): Jobs {
  const host = newDenoHost();
  const guard = new IdempotencyGuard(stores.idempotency, { leaseMs: 1000 });
  const governor = new IntentRetryGovernor({ storage: stores.intentRetry });
  const context = new ContextStore({ storage: stores.context });
  const escalation = new EscalationManager({ storage: stores.escalation });
  // A slow provider is what made the reference over-allocate in every round.
  const slowly = () => host.clock.sleep(1).then(() => 1000);
  const locks = new ResourceLockManager({ storage: stores.resourceLock, availabilityProvider: slowly });
  const leaveTrace = (name: string) =>
    Deno.writeTextFile(`${dbPath}.${name}`, `${worker}\n`, { append: true }).then(() => host.clock.sleep(5));
  const repeat = async <Result>(action: (index: number) => Promise<Result>) => {
    const results = [];
    for (let index = 0; index < REPEATS; index++) results.push(await action(index));
    return results;
  };
  return {
    acquire: (round) => locks.acquire(`${round}-${worker}`, { [`a-${round}`]: 600, [`b-${round}`]: 600 }),
    hold: async (round) => {
      const owner = await processOwner(host, Deno.pid) ?? { kind: "lease", name: "nobody" } as const;
      return await locks.acquire(`${round}-dead`, { [round]: 1000 }, 5, { owner });
    },
    reject: (round) => repeat(() => governor.recordRejection(round)),
    ask: (round) =>
      escalation.requestEscalation(`${round}-${worker}`, round, "unsure", {}, { kind: "pay" }, "HIGH_IMPACT"),
    once: (round) => guard.run(round, "step", {}, () => leaveTrace(round).then(() => ({ by: worker }))),
    begin: (round) =>
      stores.idempotency.reserve(guard.key(round, "step", {}), { owner: worker, leaseMs: 1000 }),
    merge: async (round) => {
      await repeat((index) => context.updateSession(round, { [`${worker}-${index}`]: index }));
      return await repeat(async () => (await context.updateState(round, { [worker]: true })).version);
    },
    compensate: (round) =>
      new SagaCompensation({ storage: stores.saga, revertCallback: () => leaveTrace(round).then(() => true) })
        .executeCompensation(round, "REVERT"),
    move: (round) =>
      transition(round, "CREATED", "ACTIVE", {
        storage: stores.lifecycle,
        audit: { dfid: round, event: "MOVED" },
      })
        .then(() => true, () => false),
    audit: (round) =>
      repeat((index) => stores.decisionAudit.record(round, "EVENT", { details: { worker, index } })),
  };
}

if (import.meta.main) {
  const [dbPath = "", worker = ""] = Deno.args;
  await using stores = await sqliteStorage(dbPath);
  const jobs = jobsOf(stores, dbPath, worker);
  await Deno.stdout.write(encodeLine("ready"));
  for await (const line of lines(Deno.stdin.readable)) {
    const { job, round }: Order = JSON.parse(line);
    await Deno.stdout.write(encodeLine(await jobs[job](round) ?? null));
  }
}
