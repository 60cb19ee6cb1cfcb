/**
 * Many processes that are given the same order at the same time.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type LineProcess, startLineProcess } from "./line_process.ts";
import type { Job, Order } from "./state_worker.ts";

const WORKER = fromFileUrl(import.meta.resolve("./state_worker.ts"));
/** Until the last of them has read its order; each of them costs so much of it. */
const START_AFTER_MS = 5;
const START_AFTER_MS_EACH = 0.3;

/** How many, and how often each repeats the jobs that count. */
export interface PoolSize {
  readonly processes: number;
  readonly repeats: number;
}

/** Started workers. They live until the pool is disposed, each with its own connection. */
export interface WorkerPool extends PoolSize, AsyncDisposable {
  /** Gives all the same order; their results, in the order of the workers. Throws when one of them fails. */
  all(job: Job, round: string): Promise<unknown[]>;
  /** Gives another one an order; ends it, as by `kill -9`, once it has done it. */
  killOne(job: Job, round: string): Promise<void>;
}

/** Starts the workers on a file; they are ready when this returns. */
export async function newWorkerPool(dbPath: string, size: PoolSize): Promise<WorkerPool> {
  const { processes, repeats } = size;
  const newOrder = (job: Job, round: string): Order => {
    const startMs = Date.now() + START_AFTER_MS + START_AFTER_MS_EACH * processes;
    return { job, round, repeats, startMs };
  };
  const workers = Array.from({ length: processes }, (_, index) => startWorker(dbPath, index));
  await Promise.all(workers.map((worker) => worker.next()));
  return {
    processes,
    repeats,
    all: async (job, round) => {
      const order = newOrder(job, round);
      await Promise.all(workers.map((worker) => worker.send(order)));
      return await Promise.all(workers.map(resultOf));
    },
    killOne: async (job, round) => {
      const worker = startWorker(dbPath, processes);
      await worker.next();
      await worker.send(newOrder(job, round));
      await resultOf(worker);
      await worker.end("SIGKILL");
    },
    [Symbol.asyncDispose]: async () => void await Promise.all(workers.map((worker) => worker.end())),
  };
}

function startWorker(dbPath: string, index: number): LineProcess {
  const args = ["run", "--allow-all", "--no-check", "--quiet", WORKER, dbPath, String(index)];
  return startLineProcess(Deno.execPath(), args);
}

async function resultOf(worker: LineProcess): Promise<unknown> {
  const answer = await worker.next();
  if (typeof answer === "object" && answer !== null && "result" in answer) return answer.result;
  throw new TypeError(`a worker failed: ${JSON.stringify(answer)}`);
}
