/**
 * Operations as they are recorded: what was asked, by whom, its steps, how it ended.
 *
 * An operation is a flow of the state store: its status is in the lifecycle, its events in the audit, and
 * while it is under way its intent stands among the dirty flows.
 *
 * @module
 */
import { isProjectId, type ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import type { AuditEvent } from "../state/contracts/decision_audit.ts";
import type { JsonValue } from "../state/json_value.ts";
import { decodeLockOwner, type ProcessOwner } from "../state/managers/lock_owner.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import type { TaskRef } from "./find_task.ts";

/** Names of an operation's events in the audit. */
export const OPERATION_EVENTS = {
  begun: "operation.begun",
  step: "operation.step",
  ended: "operation.ended",
  settled: "operation.settled",
} as const;

/** What an operation was begun with. */
export interface OperationFacts {
  /** UUIDv7. */
  readonly op: string;
  /** The command, such as `task run`. */
  readonly verb: string;
  readonly project: ProjectId | null;
  readonly task: TaskId | null;
  /** Arguments without secrets. */
  readonly args: JsonObject;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** An operation that has not ended: somebody is at it, or died on the way. */
export interface UnfinishedOperation extends OperationFacts {
  /** The step that was begun last. */
  readonly step: string;
  /** Facts that its steps left for finishing or undoing it. */
  readonly notes: JsonObject;
  /** The process that is (or was) at it; null when that is not known. */
  readonly process: ProcessOwner | null;
  /** How often it was tried to settle it. */
  readonly attempts: number;
  /** How the last try ended. */
  readonly last_outcome: string | null;
  /** When the step was begun. */
  readonly marked_at: string;
}

/** The operations that have begun a step and not ended, oldest first. */
export async function listUnfinished({ saga }: Pick<StorageBundle, "saga">): Promise<UnfinishedOperation[]> {
  const unfinished: UnfinishedOperation[] = [];
  for (const op of await saga.getDirtyFlows()) {
    const dirty = await saga.getDirtyState(op);
    if (dirty === null) continue;
    const { failed_step: step, partial_state, attempts, last_outcome, marked_at } = dirty;
    const state = objectOf(partial_state);
    if (typeof state["verb"] !== "string") continue;
    unfinished.push({
      ...factsOf(op, state),
      step,
      notes: objectOf(state["notes"]),
      process: processOf(state["process"]),
      attempts,
      last_outcome,
      marked_at,
    });
  }
  return unfinished;
}

/** What an operation was recorded to have done; null while it has not succeeded. */
export interface RecordedResult {
  readonly changed: boolean;
  /** As its verb gave it. */
  readonly result: JsonValue;
}

/** The result of an operation that has succeeded, by itself or when it was settled; null without one. */
export async function readResult(
  { decisionAudit }: Pick<StorageBundle, "decisionAudit">,
  op: string,
): Promise<RecordedResult | null> {
  for (const { event, details } of (await decisionAudit.eventsForDfid(op)).reverse()) {
    if (event !== OPERATION_EVENTS.ended && event !== OPERATION_EVENTS.settled) continue;
    const { changed, result } = objectOf(details);
    if (result !== undefined) return { changed: changed === true, result };
  }
  return null;
}

/** What the event with which an operation began says; null when there is none. */
export function readBeginning(
  events: readonly AuditEvent[],
): OperationFacts & { readonly process: ProcessOwner | null } | null {
  const begun = events.find(({ event }) => event === OPERATION_EVENTS.begun);
  if (begun === undefined) return null;
  const details = objectOf(begun.details);
  return { ...factsOf(begun.dfid, details), process: processOf(objectOf(details["who"])["process"]) };
}

/** The task that an operation came to concern, as its events say; null when they name none. */
export function readConcern(events: readonly AuditEvent[]): TaskRef | null {
  for (const { dfid, details } of events.toReversed()) {
    const { project, task } = factsOf(dfid, objectOf(details));
    if (project !== null && task !== null) return { project, id: task };
  }
  return null;
}

/** The members of a JSON object; none for any other value. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}

function factsOf(op: string, facts: JsonObject): OperationFacts {
  const { verb, project, task, args } = facts;
  return {
    op,
    verb: typeof verb === "string" ? verb : "",
    project: typeof project === "string" && isProjectId(project) ? project : null,
    task: typeof task === "string" && isTaskId(task) ? task : null,
    args: objectOf(args),
  };
}

function processOf(value: JsonValue | undefined): ProcessOwner | null {
  const owner = decodeLockOwner(JSON.stringify(value ?? null));
  return owner?.kind === "process" ? owner : null;
}
