/**
 * A process that owns a key, a compensation and a hold for a time, and may be stopped meanwhile.
 *
 * It reads orders from stdin and answers each on stdout, one JSON value a line: `"take"`, then `"write"`.
 *
 * Usage: lease_owner.ts FILE NAME LEASE_MS
 *
 * @module
 */
import { sqliteStorage, type StorageBundle } from "../../core/state/mod.ts";
import { encodeLine, readLines } from "./line_process.ts";

/** The work that is fought for. */
export const FLOW = "the flow";

/** What an owner has got; a hold's token, and whether the others are its. */
export interface Taken {
  readonly key: boolean;
  readonly compensation: boolean;
  /** 0 when others hold it. */
  readonly token: number;
}

/** Takes all three for a time. */
export async function take(stores: StorageBundle, name: string, leaseMs: number): Promise<Taken> {
  const lease = { owner: name, leaseMs };
  const reservation = await stores.idempotency.reserve(FLOW, lease);
  const claim = await stores.saga.claimCompensation(FLOW, lease);
  const held = await stores.resourceLock.acquireWithin(`${FLOW} of ${name}`, { desk: 1 }, { desk: 1 }, {
    ttlMs: leaseMs,
  });
  return {
    key: reservation.kind === "reserved",
    compensation: claim.kind === "claimed",
    token: held.kind === "acquired" ? held.token : 0,
  };
}

/** What of an owner's writes has been accepted. */
export interface Accepted {
  readonly completed: boolean;
  readonly finished: boolean;
  readonly renewed: boolean;
  readonly released: boolean;
}

/** Writes what an owner writes. */
export async function write(
  stores: StorageBundle,
  name: string,
  { token }: Pick<Taken, "token">,
): Promise<Accepted> {
  return {
    completed: await stores.idempotency.complete(FLOW, name, { by: name }),
    finished: await stores.saga.finishCompensation(FLOW, name, {
      clear: true,
      outcome: "done",
    }),
    renewed: await stores.resourceLock.renew(`${FLOW} of ${name}`, token, 3_600_000),
    released: await stores.resourceLock.release(`${FLOW} of ${name}`, { token }),
  };
}

if (import.meta.main) {
  const [dbPath = "", name = "", leaseMs = ""] = Deno.args;
  await using stores = await sqliteStorage(dbPath);
  let taken: Taken = { key: false, compensation: false, token: 0 };
  for await (const line of readLines(Deno.stdin.readable)) {
    const order: unknown = JSON.parse(line);
    if (order === "take") taken = await take(stores, name, Number(leaseMs));
    await Deno.stdout.write(encodeLine(order === "take" ? taken : await write(stores, name, taken)));
  }
}
