/**
 * When a lease ends.
 *
 * @module
 */

/** Microseconds since the epoch, whole. */
export function leaseEnd(nowMicros: number, leaseMs: number): number {
  return nowMicros + Math.round(leaseMs * 1000);
}
