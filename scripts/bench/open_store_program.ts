/**
 * Opens a state store, reads one value and closes it.
 *
 * Usage: open_store_program.ts FILE
 *
 * @module
 */
import { sqliteStorage } from "../../core/state/sqlite/sqlite_storage.ts";

await using stores = await sqliteStorage(Deno.args[0] ?? "");
await stores.context.getSession("flow");
