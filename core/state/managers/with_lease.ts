/**
 * Doing something that only one caller may do at a time.
 *
 * @module
 */
import type { Clock } from "../../port/host.ts";

/** A lease to keep. */
export interface LeaseToKeep {
  /** How long it holds without being renewed. */
  readonly leaseMs: number;
  /** Renews it; false when it no longer stands. */
  readonly renew: () => Promise<boolean>;
}

/** Renewals within one lease, so that a late or a failed one does not lose it. */
const RENEWALS_PER_LEASE = 3;

/** Runs the action and renews the lease until it has ended. */
export async function withLease<Result>(
  { leaseMs, renew }: LeaseToKeep,
  clock: Pick<Clock, "sleep">,
  action: () => Result | Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const keeping = keepRenewing();
  try {
    return await action();
  } finally {
    ended.abort();
    await keeping;
  }

  async function keepRenewing(): Promise<void> {
    for (;;) {
      const slept = await clock.sleep(leaseMs / RENEWALS_PER_LEASE, ended.signal).then(
        () => true,
        () => false,
      );
      if (!slept || ended.signal.aborted) return;
      // A failed renewal is tried again at the next turn; the action's end tells whether the lease was kept.
      const stands = await renew().catch(() => true);
      if (!stands) return;
    }
  }
}
