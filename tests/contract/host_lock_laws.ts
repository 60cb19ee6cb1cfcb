/**
 * The laws of file locks.
 *
 * @module
 */
import { assertEquals, assertGreaterOrEqual, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { HostLaw } from "./host_suite.ts";

const SOON_MS = 60;
const LONG_MS = 60_000;

/** Registers them. */
export function lockLaws(law: HostLaw): void {
  law("a lock makes its file 0600 and its directory 0700", async ({ host: { files }, dir }) => {
    await using _lock = await files.lock(`${dir}/locks/a.lock`, { timeoutMs: LONG_MS });
    assertEquals((await files.info(`${dir}/locks`))?.mode, 0o700);
    assertEquals((await files.info(`${dir}/locks/a.lock`))?.mode, 0o600);
  });

  law("a lock is held by one at a time, even in one process", async ({ host: { files }, dir }) => {
    let inside = 0;
    let most = 0;
    const visit = async () => {
      await using _lock = await files.lock(`${dir}/l`, { timeoutMs: LONG_MS });
      inside += 1;
      most = Math.max(most, inside);
      await files.append(`${dir}/visits`, "x", { mode: 0o600 });
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, visit));
    assertEquals([most, await files.readText(`${dir}/visits`)], [1, "xxxxxxxx"]);
  });

  law(
    "shared locks suffer each other, and nobody who wants to be alone",
    async ({ host: { files }, dir }) => {
      const alone = { timeoutMs: 0 };
      const shared = { ...alone, shared: true };
      {
        await using first = await files.lock(`${dir}/l`, shared);
        await using _second = await files.lock(`${dir}/l`, shared);
        await assertRejects(() => files.lock(`${dir}/l`, alone), AppError);
        await first.release();
        await assertRejects(() => files.lock(`${dir}/l`, alone), AppError);
      }
      await using _alone = await files.lock(`${dir}/l`, alone);
      await assertRejects(() => files.lock(`${dir}/l`, shared), AppError);
    },
  );

  law("who waits to be alone gets the lock when the last of the others is gone", async ({ host, dir }) => {
    const { files } = host;
    const shared = { timeoutMs: LONG_MS, shared: true };
    const others = [await files.lock(`${dir}/l`, shared), await files.lock(`${dir}/l`, shared)];
    let isAlone = false;
    const waiting = files.lock(`${dir}/l`, { timeoutMs: LONG_MS }).then(async (lock) => {
      isAlone = true;
      await lock.release();
    });
    await others[0]?.release();
    assertEquals(isAlone, false);
    await others[1]?.release();
    await waiting;
    await using _again = await files.lock(`${dir}/l`, shared);
  });

  law("locks on different files do not meet", async ({ host: { files }, dir }) => {
    await using _a = await files.lock(`${dir}/a`, { timeoutMs: SOON_MS });
    await using _b = await files.lock(`${dir}/b`, { timeoutMs: SOON_MS });
  });

  law("waiting ends with lock_timeout, which names the lock and a way out", async ({ host, dir }) => {
    await using _lock = await host.files.lock(`${dir}/l`, { timeoutMs: 0 });
    const before = host.clock.monotonicMs();
    const error = await assertRejects(() => host.files.lock(`${dir}/l`, { timeoutMs: SOON_MS }), AppError);
    assertEquals([error.code, error.exit], ["lock_timeout", 6]);
    assertStringIncludes(error.message, `${dir}/l`);
    assertStringIncludes(error.hint ?? "", "--lock-timeout");
    assertGreaterOrEqual(host.clock.monotonicMs() - before, SOON_MS - 1);
  });

  law("a limit of nothing is one try", async ({ host: { files }, dir }) => {
    const lock = await files.lock(`${dir}/l`, { timeoutMs: 0 });
    await assertRejects(() => files.lock(`${dir}/l`, { timeoutMs: 0 }), AppError);
    await lock.release();
    await using _again = await files.lock(`${dir}/l`, { timeoutMs: 0 });
  });

  law("one who gave up does not keep the lock from the next", async ({ host: { files }, dir }) => {
    const first = await files.lock(`${dir}/l`, { timeoutMs: 0 });
    await assertRejects(() => files.lock(`${dir}/l`, { timeoutMs: SOON_MS }), AppError);
    await first.release();
    await using _next = await files.lock(`${dir}/l`, { timeoutMs: LONG_MS });
  });

  law("an abort ends the waiting with its reason", async ({ host: { files }, dir }) => {
    await using _lock = await files.lock(`${dir}/l`, { timeoutMs: 0 });
    const abort = new AbortController();
    const reason = new AppError("wait_timeout", "enough");
    const waiting = files.lock(`${dir}/l`, { timeoutMs: LONG_MS, signal: abort.signal });
    abort.abort(reason);
    assertEquals(await assertRejects(() => waiting, AppError), reason);
    await assertRejects(
      () => files.lock(`${dir}/other`, { timeoutMs: 0, signal: abort.signal }),
      AppError,
      "enough",
    );
  });

  law("releasing twice is harmless, also when another holds it by then", async ({ host: { files }, dir }) => {
    const first = await files.lock(`${dir}/l`, { timeoutMs: 0 });
    await first.release();
    await using _second = await files.lock(`${dir}/l`, { timeoutMs: LONG_MS });
    await first.release();
    await assertRejects(() => files.lock(`${dir}/l`, { timeoutMs: 0 }), AppError);
  });

  law("the lock file stays, with what it holds", async ({ host: { files }, dir }) => {
    await files.create(`${dir}/l`, "kept", { mode: 0o600 });
    await (await files.lock(`${dir}/l`, { timeoutMs: 0 })).release();
    assertEquals(await files.readText(`${dir}/l`), "kept");
  });
}
