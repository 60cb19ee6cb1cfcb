/**
 * The nine stores in memory, for callers without a carrel.
 *
 * @module
 */
import { newMemoryStorage } from "./memory/memory_storage.ts";
import { openStateWorld, type StateWorldOptions } from "./state_world.ts";
import type { StorageBundle } from "./storage_bundle.ts";

/**
 * Nine empty stores that commit together; nothing outlives the process.
 *
 * @example
 * ```ts
 * import { memoryStorage } from "./memory_storage.ts";
 * import { assertEquals } from "@std/assert";
 * const stores = memoryStorage();
 * await stores.context.setSession("df1", '{"step": 1}');
 * assertEquals(await stores.context.getSession("df1"), '{"step": 1}');
 * ```
 */
export function memoryStorage(options: Pick<StateWorldOptions, "clock"> = {}): StorageBundle {
  return newMemoryStorage({ clock: openStateWorld(options).clock });
}
