/**
 * Ending what somebody holds who is no longer there.
 *
 * @module
 */
import type { Amounts, ResourceLockStorage } from "../contracts/resource_lock.ts";
import { decodeLockOwner, type LockOwner, type OwnerVerdict } from "./lock_owner.ts";

/** Finds out whether an owner is still there. A failure to find out is `unknown`, never `gone`. */
export type OwnerJudge = (owner: LockOwner) => OwnerVerdict | Promise<OwnerVerdict>;

/**
 * Ends the holds and tickets that stand between a flow and its resources and whose owners are gone; true if
 * there was one. Each is named by its token or ticket, so that what the same flow has taken since stays.
 */
export async function takeOver(
  store: ResourceLockStorage,
  dfid: string,
  resources: Amounts,
  judgeOwner: OwnerJudge,
): Promise<boolean> {
  const isInTheWay = (other: string, resourceIds: readonly string[]) =>
    other !== dfid && resourceIds.some((id) => Object.hasOwn(resources, id));
  const isGone = newMemoJudge(judgeOwner);
  let ended = false;
  for (const { dfid: holder, resource_id, owner, token } of await store.listLocks()) {
    if (!isInTheWay(holder, [resource_id]) || !await isGone(owner)) continue;
    ended = await store.release(holder, { token }) || ended;
  }
  for (const { dfid: waiter, resources: wanted, owner, ticket } of await store.listTickets()) {
    if (!isInTheWay(waiter, Object.keys(wanted)) || !await isGone(owner)) continue;
    ended = await store.leave(waiter, { ticket }) || ended;
  }
  return ended;
}

/** Judges each owner once, as it is stored; those that nobody can judge are not gone. */
function newMemoJudge(judgeOwner: OwnerJudge): (stored: string | null) => Promise<boolean> {
  const verdicts = new Map<string | null, boolean>();
  return async (stored) => {
    const known = verdicts.get(stored);
    if (known !== undefined) return known;
    const owner = decodeLockOwner(stored);
    const gone = owner !== null && await judge(owner) === "gone";
    verdicts.set(stored, gone);
    return gone;
  };

  async function judge(owner: LockOwner): Promise<OwnerVerdict> {
    try {
      return await judgeOwner(owner);
    } catch {
      // A runtime that does not answer says nothing about its containers.
      return "unknown";
    }
  }
}
