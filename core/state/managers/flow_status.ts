/**
 * The states of a flow and the steps between them.
 *
 * @module
 */

/** The state of a flow. */
export type FlowStatus =
  | "CREATED"
  | "ACTIVE"
  | "VALIDATING"
  | "ACCEPTED"
  | "ESCALATED"
  | "EXECUTING"
  | "PARTIAL_SUCCESS_DIRTY"
  | "MAINTENANCE_MODE"
  | "CLOSED"
  | "ABORTED";

/** From each state, the states that may follow. */
const NEXT: Readonly<Record<FlowStatus, readonly FlowStatus[]>> = {
  CREATED: ["ACTIVE", "ABORTED"],
  // A flow that has nothing to propose ends without a proposal.
  ACTIVE: ["VALIDATING", "CLOSED", "ABORTED", "MAINTENANCE_MODE"],
  VALIDATING: ["ACCEPTED", "ESCALATED", "ABORTED", "MAINTENANCE_MODE"],
  ACCEPTED: ["EXECUTING", "ABORTED", "MAINTENANCE_MODE"],
  // A human overrides (on to execution), modifies (judged anew) or aborts.
  ESCALATED: ["VALIDATING", "ACCEPTED", "EXECUTING", "ABORTED", "MAINTENANCE_MODE"],
  EXECUTING: ["CLOSED", "ABORTED", "PARTIAL_SUCCESS_DIRTY", "MAINTENANCE_MODE"],
  // Retried, compensated, given up, or put before a human.
  PARTIAL_SUCCESS_DIRTY: ["EXECUTING", "CLOSED", "ABORTED", "ESCALATED", "MAINTENANCE_MODE"],
  MAINTENANCE_MODE: ["ACTIVE", "CLOSED", "ABORTED"],
  CLOSED: [],
  ABORTED: [],
};

/** Every state of a flow. */
export const FLOW_STATUSES: readonly FlowStatus[] = Object.freeze(Object.keys(NEXT).filter(isFlowStatus));

/** True if the text names a state of a flow. */
export function isFlowStatus(text: string): text is FlowStatus {
  return Object.hasOwn(NEXT, text);
}

/** The states that may follow, none for a state that ends the flow. */
export function nextFlowStatuses(status: FlowStatus): readonly FlowStatus[] {
  return NEXT[status];
}

/**
 * True when no state can follow.
 *
 * @example
 * ```ts
 * import { isFinalFlowStatus, nextFlowStatuses } from "./flow_status.ts";
 * import { assert, assertEquals } from "@std/assert";
 * assert(isFinalFlowStatus("CLOSED"));
 * assertEquals(nextFlowStatuses("CREATED"), ["ACTIVE", "ABORTED"]);
 * ```
 */
export function isFinalFlowStatus(status: FlowStatus): boolean {
  return NEXT[status].length === 0;
}
