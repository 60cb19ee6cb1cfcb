/**
 * Makes every operation's calls on a store, for a trace of system calls: before each a file that
 * does not exist is looked up by its name.
 *
 * Usage: sync_probe.ts DIRECTORY CALLS
 *
 * @module
 */
import { allOperations, prepareCalls } from "./measure_round.ts";
import { openBackend } from "./open_backend.ts";

const [directory = ".", calls = "1"] = Deno.args;
await using stores = await openBackend("full", directory);
for (const operation of allOperations(stores)) {
  const count = operation.once === true ? 1 : Number(calls);
  await prepareCalls(operation, count);
  mark(operation.name);
  for (let key = 0; key < count; key++) await operation.run(key);
  mark("between");
}

function mark(name: string): void {
  try {
    Deno.lstatSync(`/bench-mark/${name}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
