/**
 * `doctor --fix`: puts right what can be put right, each finding once.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import type { MutationOptions, Operation } from "../operation.ts";
import { perform, type Performed } from "../perform.ts";
import { CHECKS } from "./checks.ts";
import { eachDiagnosis, toFinding } from "./examine.ts";
import type { Check, Diagnosis, Finding } from "./finding.ts";

/** What became of a finding; JSON. */
export interface TreatedFinding extends Finding {
  readonly fixed: boolean;
  /** How it was fixed, or why not; null when nothing was tried. */
  readonly outcome: string | null;
}

/** What `doctor --fix` did. */
export interface Treatment {
  readonly findings: readonly TreatedFinding[];
}

/**
 * Examines, and repairs what each check finds before it makes the next. What cannot be repaired now does not keep the others from it. Killed on the
 * way, it leaves nothing but its own operation and what it had not come to, for the next `doctor` to find. It works
 * without the state store too.
 */
export async function repair(
  carrel: Carrel,
  options: MutationOptions = {},
  checks: readonly Check[] = CHECKS,
): Promise<Performed<Treatment>> {
  const deed = { verb: "doctor", project: null, task: null, urgent: true };
  return await perform(carrel, deed, options, async (op): Promise<Treatment> => {
    const findings: TreatedFinding[] = [];
    for await (const diagnosis of eachDiagnosis(carrel, checks)) findings.push(await treat(op, diagnosis));
    return { findings };
  });
}

async function treat(op: Operation, diagnosis: Diagnosis): Promise<TreatedFinding> {
  const { repair, fix, what } = diagnosis;
  const finding = toFinding(diagnosis);
  let outcome: string | null = null;
  let fixed = false;
  if (repair === null || fix === null) return { ...finding, fixed, outcome };
  await op.step(fix, what, async () => {
    try {
      outcome = await repair();
      fixed = true;
    } catch (error) {
      // A bug in one repair is told too: what else is broken can still be put right.
      outcome = isAppError(error)
        ? error.message
        : `this is a bug: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
  return { ...finding, fixed, outcome };
}
