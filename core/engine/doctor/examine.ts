/**
 * `doctor`: looks for everything that is not as it should be.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { CHECKS } from "./checks.ts";
import type { Check, Diagnosis, Finding } from "./finding.ts";

/** Makes the checks, by default all there are. */
export async function examine(carrel: Carrel, checks: readonly Check[] = CHECKS): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const check of checks) found.push(...await check(carrel));
  return found;
}

/** The finding alone, for an answer. */
export function toFinding({ code, what, where, fix }: Diagnosis): Finding {
  return { code, what, where, fix };
}
