/**
 * What damaged bookkeeping still says.
 *
 * @module
 */
import { isAppError } from "../../error.ts";
import { decodeBookkeeping } from "../../meta/bookkeeping.ts";
import type { YamlMap } from "../../yaml/yaml_value.ts";

/** A line that begins an entry. */
const ENTRY = /^[^\s#-]/;

/**
 * The entries before the damage, each known to be whole because the next one has begun: half a command must not be
 * taken for one. Empty when nothing can be read.
 *
 * @example
 * ```ts
 * import { salvageBookkeeping } from "./salvage_bookkeeping.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await salvageBookkeeping("mode: run\nruntime: fake\ncommand:\n- sh\n- -"), { mode: "run", runtime: "fake" });
 * assertEquals(await salvageBookkeeping("mode: [run\n"), {});
 * ```
 */
export async function salvageBookkeeping(text: string): Promise<YamlMap> {
  const lines = text.split("\n");
  const begins = lines.flatMap((line, index) => ENTRY.test(line) ? [index] : []);
  for (const end of begins.slice(1).reverse()) {
    try {
      return await decodeBookkeeping(lines.slice(0, end).join("\n"), "");
    } catch (error) {
      if (!isAppError(error, "record_damaged")) throw error;
    }
  }
  return {};
}
