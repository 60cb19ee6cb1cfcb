/**
 * Resources (slots, ports, locks by name) that are held, or waited for, by somebody who is gone for good.
 *
 * A task whose container has ended may still be written down as holding something: that counts for nothing as soon
 * as somebody wants it, and is no trouble.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import { isProjectId } from "../../identity/project_id.ts";
import { isTaskId } from "../../identity/task_id.ts";
import type { TaskRef } from "../../query/find_task.ts";
import type { StorageBundle } from "../../state/storage_bundle.ts";
import { decodeLockOwner } from "../../state/managers/lock_owner.ts";
import { newOwnerJudge } from "../new_owner_judge.ts";
import type { Diagnosis } from "./finding.ts";
import { findKnownProject } from "./known_projects.ts";
import { lookAtQuiet, repairQuiet, RIGHT_ALREADY } from "./quiet.ts";
import { usableState } from "./state_store.ts";
import { hasRecordFile, traceTask } from "./task_traces.ts";

/** A hold or a place in a queue. */
interface Claim {
  readonly flow: string;
  readonly owner: string | null;
  readonly kind: "hold" | "ticket";
  /** Its token or ticket: a later claim of the same flow has another. */
  readonly number: number;
  readonly resources: readonly string[];
}

/** See the module. */
export async function goneHolders(carrel: Carrel): Promise<Diagnosis[]> {
  const state = await usableState(carrel);
  if (state === null) return [];
  const gone: Claim[] = [];
  for (const claim of await listClaims(state)) {
    if (await isGone(carrel, claim)) gone.push(claim);
  }
  // Who let go and ended while it was looked at has left nothing.
  const still = gone.length === 0 ? [] : await listClaims(state);
  return gone.filter((claim) => still.some((each) => isSame(each, claim)))
    .map((claim) => toDiagnosis(carrel, claim));
}

async function listClaims({ resourceLock }: StorageBundle): Promise<Claim[]> {
  const holds = new Map<number, Claim>();
  for (const { dfid: flow, owner, token: number, resource_id } of await resourceLock.listLocks()) {
    const resources = [...holds.get(number)?.resources ?? [], resource_id];
    holds.set(number, { flow, owner, kind: "hold", number, resources });
  }
  const tickets = (await resourceLock.listTickets()).map((
    { dfid: flow, owner, ticket: number, resources },
  ) => ({
    ...{ flow, owner, number, kind: "ticket" as const },
    resources: Object.keys(resources),
  }));
  return [...holds.values(), ...tickets];
}

function isSame(a: Claim, b: Claim): boolean {
  return a.flow === b.flow && a.kind === b.kind && a.number === b.number;
}

/** A claim of a task ends with the task, any other one with its process; what cannot be judged is not gone. */
async function isGone(carrel: Carrel, claim: Claim): Promise<boolean> {
  const owner = decodeLockOwner(claim.owner);
  if (owner === null) return false;
  const ref = taskOf(claim);
  if (ref === null && owner.kind !== "process") return false;
  const judge = async () => await newOwnerJudge(carrel)(owner) === "gone" ? true : null;
  try {
    if (ref === null) return await judge() !== null;
    const look = async () => await hasTask(carrel, ref) ? null : await judge();
    return await look() !== null && await lookAtQuiet(carrel, ref, look) !== null;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}

async function hasTask(carrel: Carrel, { project, id }: TaskRef): Promise<boolean> {
  const traces = await traceTask(carrel, await findKnownProject(carrel, project), id);
  return hasRecordFile(traces) || traces.dir !== "absent";
}

/** The flow of a task's resources is its address; that of a lock begins with another word. */
function taskOf({ flow }: Claim): TaskRef | null {
  const [project = "", id = "", ...rest] = flow.split("/");
  return rest.length === 0 && isProjectId(project) && isTaskId(id) ? { project, id } : null;
}

function toDiagnosis(carrel: Carrel, claim: Claim): Diagnosis {
  const { flow, kind, number, resources } = claim;
  const ref = taskOf(claim);
  const end = async () => {
    const { resourceLock } = await carrel.state();
    const ended = kind === "hold"
      ? await resourceLock.release(flow, { token: number })
      : await resourceLock.leave(flow, { ticket: number });
    return ended ? "released" : RIGHT_ALREADY;
  };
  const verb = kind === "hold" ? "held" : "waited for";
  return {
    code: kind === "hold" ? "hold_left" : "ticket_left",
    what: `${resources.join(", ")} ${
      resources.length === 1 ? "is" : "are"
    } ${verb} by ${flow}, which is gone`,
    where: flow,
    fix: kind === "hold" ? "let go of it" : "take it out of the queue",
    repair: ref === null
      ? end
      : () => repairQuiet(carrel, ref, async () => await hasTask(carrel, ref) ? RIGHT_ALREADY : await end()),
  };
}
