import { assertEquals } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { newMemoryClock } from "../../../core/host/memory_clock.ts";
import { withLease } from "../../../core/state/managers/with_lease.ts";

Deno.test("withLease() renews while the action runs, and not after", async () => {
  const clock = newMemoryClock();
  let renewals = 0;
  const renew = () => Promise.resolve(++renewals > 0);
  assertEquals(
    await withLease({ leaseMs: 3000, renew }, clock, () => clock.sleep(2500).then(() => "done")),
    "done",
  );
  assertEquals(renewals, 2);
  await clock.sleep(10_000);
  assertEquals(renewals, 2);
});

Deno.test("withLease() goes on after a renewal that failed, and ends with the lease", async () => {
  const clock = newMemoryClock();
  let renewals = 0;
  const renew = () =>
    ++renewals === 1 ? Promise.reject(new AppError("disk_full", "no space")) : Promise.resolve(renewals < 3);
  await withLease({ leaseMs: 3000, renew }, clock, () => clock.sleep(10_000));
  assertEquals(renewals, 3);
});

Deno.test("withLease() throws what the action throws", async () => {
  const failure = new TypeError("no");
  const lease = { leaseMs: 3000, renew: () => Promise.resolve(true) };
  const thrown = await withLease(lease, newMemoryClock(), () => Promise.reject(failure)).catch((error) =>
    error
  );
  assertEquals(thrown, failure);
});
