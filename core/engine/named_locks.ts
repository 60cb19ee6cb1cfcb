/**
 * Locks that shell scripts take: by name and amount, out of the same limits as tasks.
 *
 * A holder is a word that the script chooses or is given. Its lock ends with its time to live, or with the process
 * that holds it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import { encodeLockOwner, type LockOwner, processOwner } from "../state/managers/lock_owner.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { acquire, type Acquired, refuseLacking, type WaitOptions } from "./task_resources.ts";

/** What is to be locked. */
export interface LockRequest extends WaitOptions {
  /** A limit's name, or any other: then there is one of it. */
  readonly name: string;
  /** Default: 1. */
  readonly amount?: number;
  /** Who holds it; default: a new UUID. The same holder may take it again, which renews it. */
  readonly holder?: string;
}

/** A lock that was taken. */
export interface TakenLock extends Acquired {
  readonly name: string;
  readonly amount: number;
  readonly holder: string;
}

/** The flow under which a holder has a lock. */
export function lockFlow(holder: string, name: string): string {
  return `lock ${name} ${holder}`;
}

/**
 * Takes a lock for a time. Errors: `insufficient_capacity` (exit 12), `wait_timeout` (exit 7), `lock_timeout`.
 */
export async function acquireLock(
  carrel: Carrel,
  request: LockRequest & { readonly ttlMs: number },
  options: MutationOptions = {},
): Promise<Performed<TakenLock>> {
  const { name, amount = 1, ttlMs } = request;
  const holder = request.holder ?? newUuidV7(carrel.host);
  const args = { name, amount, holder, ttl_ms: ttlMs };
  const deed = { verb: "lock acquire", project: null, task: null, args };
  const target = `${amount} ${name}`;
  return await perform(carrel, deed, options, async (op): Promise<TakenLock> => {
    let acquired: Acquired = NOT_YET;
    if (op.dryRun) {
      await refuseLacking(carrel, await carrel.config(), {
        flow: lockFlow(holder, name),
        wanted: { [name]: amount },
      });
    }
    await op.step("acquire", target, async () => {
      const owner = { kind: "lease" as const, name: holder };
      acquired = await takeLock(carrel, { ...request, holder, owner, ttlMs });
    });
    return { name, amount, holder, ...acquired };
  });
}

/** What a dry run has acquired. */
const NOT_YET: Acquired = { token: 0, expires_at: null };

/** Takes a lock for an owner whom others can judge, or for a time. */
export async function takeLock(
  carrel: Carrel,
  request: LockRequest & { readonly holder: string; readonly owner: LockOwner; readonly ttlMs?: number },
): Promise<Acquired> {
  const { name, amount = 1, holder, owner, ttlMs, waitMs, whileWaiting } = request;
  return await acquire(carrel, await carrel.config(), {
    flow: lockFlow(holder, name),
    wanted: { [name]: amount },
    owner,
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(whileWaiting === undefined ? {} : { whileWaiting }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  });
}

/**
 * From now on the lock lasts as long as another process of this machine. Where that cannot be recorded, or the
 * process is gone already, it stays whose it was.
 */
export async function handLockTo(
  carrel: Carrel,
  { name, holder }: { readonly name: string; readonly holder: string },
  pid: number,
): Promise<void> {
  try {
    const owner = await processOwner(carrel.host, pid);
    if (owner === null) return;
    const { resourceLock } = await carrel.state();
    await resourceLock.acquireWithin(lockFlow(holder, name), {}, {}, { owner: encodeLockOwner(owner) });
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

/**
 * Lets go of a lock; one that is not held is let go of already. With a token only that very hold: `wrong_state` when
 * the holder has another one by now.
 */
export async function releaseLock(
  carrel: Carrel,
  { name, holder, token }: { readonly name: string; readonly holder: string; readonly token?: number },
  options: MutationOptions = {},
): Promise<Performed<{ readonly released: boolean }>> {
  const args = { name, holder, ...(token === undefined ? {} : { token }) };
  return await perform(
    carrel,
    { verb: "lock release", project: null, task: null, args },
    options,
    async (op) => {
      const state = op.dryRun ? await carrel.existingState() : await carrel.state();
      const flow = lockFlow(holder, name);
      const held = (await state?.resourceLock.listLocks() ?? []).find(({ dfid }) => dfid === flow);
      if (held === undefined) return { released: false };
      if (token !== undefined && held.token !== token) {
        throw new AppError(
          "wrong_state",
          `the lock ${name} of ${holder} is not the one with token ${token}`,
          {
            hint: "its time was up, and it was taken again since",
            details: { token: held.token },
          },
        );
      }
      await op.step(
        "release",
        name,
        async () => await state?.resourceLock.release(flow, { token: held.token }),
      );
      return { released: true };
    },
  );
}
