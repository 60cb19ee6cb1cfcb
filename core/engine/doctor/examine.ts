/**
 * `doctor`: looks for everything that is not as it should be.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import { CHECKS } from "./checks.ts";
import type { Check, Diagnosis, Finding } from "./finding.ts";
import { notChecked } from "./known_projects.ts";

/** Makes the checks, by default all there are. */
export async function examine(carrel: Carrel, checks: readonly Check[] = CHECKS): Promise<Diagnosis[]> {
  return await Array.fromAsync(eachDiagnosis(carrel, checks));
}

/**
 * Makes check after check, each once all that the one before has found is dealt with. A check that fails is a
 * finding, and keeps no other from being made; what several say alike is said once.
 */
export async function* eachDiagnosis(
  carrel: Carrel,
  checks: readonly Check[] = CHECKS,
): AsyncGenerator<Diagnosis> {
  const said = new Set<string>();
  for (const check of checks) {
    for (const diagnosis of await make(carrel, check)) {
      const words = JSON.stringify(toFinding(diagnosis));
      if (said.has(words)) continue;
      said.add(words);
      yield diagnosis;
    }
  }
}

async function make(carrel: Carrel, check: Check): Promise<Diagnosis[]> {
  try {
    return await check(carrel);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [notChecked(carrel.paths.root, error)];
  }
}

/** The finding alone, for an answer. */
export function toFinding({ code, what, where, fix }: Diagnosis): Finding {
  return { code, what, where, fix };
}
