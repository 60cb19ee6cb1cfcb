import type { MemoryClock } from "../../../core/host/memory_clock.ts";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { type StateBackend, stateSuite } from "./state_suite.ts";

stateSuite("sqlite", (clock) => openFile(clock, { reopens: false }));
stateSuite("sqlite, reopened", (clock) => openFile(clock, { reopens: true }));

async function openFile(clock: MemoryClock, { reopens }: { reopens: boolean }): Promise<StateBackend> {
  const dir = await Deno.makeTempDir({ prefix: "carrel-state-laws-" });
  const open = () => sqliteStorage(`${dir}/state.db`, { clock, files: newDenoHost().files });
  let bundle = await open();
  return {
    bundle: () => bundle,
    turn: async () => {
      if (!reopens) return;
      await bundle.close();
      bundle = await open();
    },
    [Symbol.asyncDispose]: async () => {
      await bundle.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}
