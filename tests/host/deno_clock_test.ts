import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newDenoClock } from "../../core/host/deno_clock.ts";

Deno.test("sleep() of more than 32 bits of milliseconds does not end at once", async () => {
  const clock = newDenoClock();
  const abort = new AbortController();
  const long = clock.sleep(2 ** 40, abort.signal).then(() => "long");
  assertEquals(await Promise.race([long, clock.sleep(5).then(() => "short")]), "short");
  abort.abort(new AppError("wait_timeout", "enough"));
  await assertRejects(() => long, AppError);
});
