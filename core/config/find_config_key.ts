/**
 * Keys as people type them.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { CONFIG_KEY_NAMES, type ConfigKey, isConfigKey } from "./keys.ts";
import { nearestName } from "../nearest_name.ts";

/**
 * The key of that name; throws `config_key_not_found`, with the nearest one as hint.
 *
 * @example
 * ```ts
 * import { findConfigKey } from "./find_config_key.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(findConfigKey("run.image"), "run.image");
 * ```
 */
export function findConfigKey(text: string): ConfigKey {
  if (isConfigKey(text)) return text;
  const nearest = nearestName(text, CONFIG_KEY_NAMES);
  throw new AppError("config_key_not_found", `there is no configuration key ${JSON.stringify(text)}`, {
    hint: nearest === null ? "carrel config schema lists them all" : `did you mean ${nearest}`,
    details: { key: text, nearest },
  });
}
