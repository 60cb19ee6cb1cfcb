/**
 * What dead processes and deleted projects have left on the disk: all that `storage prune` removes.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { AppError } from "../../error.ts";
import { type JudgedOperation, judgeUnfinished } from "../../query/judge_unfinished.ts";
import { type Leftover, listLeftovers } from "../list_leftovers.ts";
import { removeLeftover } from "../prune_storage.ts";
import type { Diagnosis } from "./finding.ts";
import { lookAtQuiet, whileUnlocked } from "./quiet.ts";
import { usableState } from "./state_store.ts";

/** See the module. Places that cannot be looked at are told of by other checks. */
export async function leftovers(carrel: Carrel): Promise<Diagnosis[]> {
  const listed = await listLeftovers(carrel, []);
  if (listed.length === 0) return [];
  const state = await usableState(carrel);
  const unfinished = state === null ? [] : await judgeUnfinished(carrel.host, state);
  const found: Diagnosis[] = [];
  for (const leftover of listed) {
    if (await isLeft(carrel, leftover, unfinished)) found.push(toDiagnosis(carrel, leftover));
  }
  return found;
}

/** Whether it is still there, and nobody is at it. */
async function isLeft(
  carrel: Carrel,
  leftover: Leftover,
  unfinished: readonly JudgedOperation[],
): Promise<boolean> {
  const look = async () => await carrel.host.files.info(leftover.path) === null ? null : true;
  switch (leftover.kind) {
    case "temporary file":
      return await look() !== null;
    case "pruned archive": {
      const isPruning = unfinished.some(({ verb, project, task, verdict }) =>
        verb !== "doctor" && verdict !== "gone" && task === null &&
        (project === null || project === leftover.project)
      );
      return !isPruning && await look() !== null;
    }
    case "stale clone cache":
    case "clone cache scratch":
      return await whileUnlocked(carrel, carrel.paths.cloneCacheSyncLock(leftover.project), look) !== null;
    case "unfinished move":
    case "workspace scratch":
    case "copy of a damaged record":
      return await lookAtQuiet(carrel, { project: leftover.project, id: leftover.task }, look) !== null;
  }
}

/** Whose leftover it is, where that is no process. */
const OWNERS: Readonly<Partial<Record<Leftover["kind"], string>>> = {
  "stale clone cache": "project",
  "copy of a damaged record": "task",
};

function toDiagnosis(carrel: Carrel, leftover: Leftover): Diagnosis {
  const { kind, path } = leftover;
  return {
    code: "leftover",
    what: `it is the ${kind} of a ${OWNERS[kind] ?? "process"} that is gone`,
    where: path,
    fix: "remove it",
    repair: async () => {
      const failure = await removeLeftover(carrel, leftover);
      if (failure !== null) throw new AppError("storage_failed", failure);
      return "removed";
    },
  };
}
