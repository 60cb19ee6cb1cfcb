/**
 * Settles `lock acquire`: it is held, or it is not.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { lockFlow } from "./named_locks.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";

/** See the module. */
export async function settleLock(carrel: Carrel, { args }: UnfinishedOperation): Promise<Settlement> {
  const { name, amount, holder } = args;
  const flow = lockFlow(String(holder), String(name));
  const row = (await (await carrel.state()).resourceLock.listLocks()).find(({ dfid }) => dfid === flow);
  if (row === undefined) return UNDONE;
  const { token, expires_at } = row;
  return { kind: "finished", result: { name, amount, holder, token, expires_at } };
}
