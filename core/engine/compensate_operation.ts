/**
 * `saga compensate`: an interrupted operation is settled now.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { judgeUnfinished } from "../query/judge_unfinished.ts";
import { nameOperation } from "../query/name_operation.ts";
import type { OperationFacts } from "../query/operations.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { settleById, type Settlement } from "./settle_operation.ts";

/** What became of it. */
export interface Compensation {
  /** Null when it had ended already. */
  readonly settled: Settlement["kind"] | null;
}

/**
 * Settles an operation under the lock of its task. `wrong_state` while its process lives; one that cannot be
 * judged from here, such as a process on another machine, is settled: who asks for it says that it is dead.
 * Errors of the settling itself, such as exit 9 of a runtime that does not answer, leave it as it is.
 */
export async function compensateOperation(
  carrel: Carrel,
  { op: target, project, task }: Omit<OperationFacts, "args" | "verb">,
  options: MutationOptions = {},
): Promise<Performed<Compensation>> {
  const deed = { verb: "saga compensate", project, task, args: { op: target } };
  return await perform(carrel, deed, options, async (op): Promise<Compensation> => {
    const state = await carrel.existingState();
    const unfinished = state === null ? [] : await judgeUnfinished(carrel.host, state);
    const left = unfinished.find((candidate) => candidate.op === target);
    if (left === undefined) return { settled: null };
    if (left.verdict === "alive") {
      throw new AppError("wrong_state", `${nameOperation(left)} is under way: its process is alive`, {
        hint: "wait for it, or end it first",
        details: { operation: target },
      });
    }
    let settled: Compensation["settled"] = null;
    await op.step("settle", nameOperation(left), async () => {
      settled = (await settleById(carrel, target))?.kind ?? null;
    });
    return { settled };
  });
}
