/**
 * Who holds what, and who waits for it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { decodeLockOwner, type LockOwner, type OwnerVerdict } from "../state/managers/lock_owner.ts";
import { isAppError } from "../error.ts";
import { newOwnerJudge } from "./new_owner_judge.ts";

/** The verdict on an owner; `held` is a lock for a time, which nobody need be there for. */
export type HoldState = OwnerVerdict | "held";

/** Something that is held. */
export interface HeldLock {
  /** The resource. */
  readonly name: string;
  readonly amount: number;
  /** A task's address, or the holder of a lock. */
  readonly holder: string;
  /** Fences: a later hold has a greater one. */
  readonly token: number;
  readonly owner: LockOwner | null;
  /** Whether the owner is there; what is `gone` counts for nothing once somebody wants it. */
  readonly state: HoldState;
  readonly acquired_at: string;
  /** Null = it does not end by itself. */
  readonly expires_at: string | null;
}

/** Somebody who waits. */
export interface Waiting {
  readonly holder: string;
  readonly wants: Readonly<Record<string, number>>;
  /** The smaller, the earlier its turn. */
  readonly ticket: number;
  readonly queued_at: string;
}

/** Holds in the order of their tokens, waiters in the order of their turns. */
export async function listLocks(
  carrel: Carrel,
): Promise<{ readonly held: HeldLock[]; readonly waiting: Waiting[] }> {
  const state = await carrel.existingState();
  if (state === null) return { held: [], waiting: [] };
  const judge = newOwnerJudge(carrel);
  const held: HeldLock[] = [];
  for (const row of await state.resourceLock.listLocks()) {
    const { resource_id: name, amount, dfid, token, acquired_at, expires_at } = row;
    const owner = decodeLockOwner(row.owner);
    held.push({
      name,
      amount,
      holder: holderOf(dfid),
      token,
      owner,
      state: await stateOf(owner, judge),
      acquired_at,
      expires_at,
    });
  }
  const waiting = (await state.resourceLock.listTickets()).map(({ dfid, resources, ticket, queued_at }) => ({
    holder: holderOf(dfid),
    wants: resources,
    ticket,
    queued_at,
  }));
  return { held, waiting };
}

async function stateOf(
  owner: LockOwner | null,
  judge: (owner: LockOwner) => Promise<OwnerVerdict>,
): Promise<HoldState> {
  if (owner === null) return "unknown";
  if (owner.kind === "lease") return "held";
  try {
    return await judge(owner);
  } catch (error) {
    // A runtime that does not answer says nothing about its containers.
    if (!isAppError(error)) throw error;
    return "unknown";
  }
}

/** The flow of a lock names the lock before its holder; that of a task is its address. */
function holderOf(flow: string): string {
  return /^lock \S+ (.*)$/.exec(flow)?.[1] ?? flow;
}
