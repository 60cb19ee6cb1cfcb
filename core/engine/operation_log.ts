/**
 * The record of one operation in the state store. Each call is one transaction: the step of the lifecycle, the
 * intent and the audit event about it stand or fall together.
 *
 * @module
 */
import type { AppError } from "../error.ts";
import type { TaskRef } from "../query/find_task.ts";
import { type JsonObject, OPERATION_EVENTS, type OperationFacts } from "../query/operations.ts";
import type { NewAuditEvent } from "../state/contracts/decision_audit.ts";
import type { DirtyMark } from "../state/contracts/store.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { FlowStatus } from "../state/managers/flow_status.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { invariant } from "../invariant.ts";
import type { IntentLog, PlanStep } from "./operation.ts";
import type { Who } from "./who.ts";

/** What is recorded of an operation from its beginning. */
export interface OperationStart extends OperationFacts {
  readonly who: Who;
  readonly parent: string | null;
}

/** Records an operation from its beginning to its end. */
export class OperationLog implements IntentLog {
  readonly #state: Pick<StorageBundle, "lifecycle" | "saga">;
  readonly #start: OperationStart;
  #status: FlowStatus | null = null;
  #ref: { readonly project: string | null; readonly task: string | null };
  #step: PlanStep = { action: "begin", target: "" };
  #notes: JsonObject = {};

  /** Nothing is recorded yet. */
  constructor(state: Pick<StorageBundle, "lifecycle" | "saga">, start: OperationStart) {
    this.#state = state;
    this.#start = start;
    this.#ref = { project: start.project, task: start.task };
  }

  /** CREATED: who wants what. False when there is an operation of that id already. */
  async begin(): Promise<boolean> {
    const { op, who, args, parent, verb } = this.#start;
    const details = { verb, args, who, ...(parent === null ? {} : { parent }) };
    const along = { audit: this.#event(OPERATION_EVENTS.begun, "CREATED", details) };
    const { moved } = await this.#state.lifecycle.transitionIf(op, null, "CREATED", { along });
    if (moved) this.#status = "CREATED";
    return moved;
  }

  /** See {@linkcode IntentLog.intend}; the first one makes the operation ACTIVE. */
  async intend(step: PlanStep, facts: JsonObject): Promise<void> {
    this.#step = step;
    this.#notes = { ...this.#notes, ...facts };
    await this.#mark(this.#event(OPERATION_EVENTS.step, "ACTIVE", { target: step.target }, step.action));
  }

  /** See {@linkcode IntentLog.concern}. */
  async concern({ project, id }: TaskRef): Promise<void> {
    this.#ref = { project, task: id };
    // Before the first step there is no intent yet, and nothing to undo.
    if (this.#status === "ACTIVE") await this.#mark();
  }

  /** See {@linkcode IntentLog.note}. */
  async note(facts: JsonObject): Promise<void> {
    this.#notes = { ...this.#notes, ...facts };
    if (this.#status === "ACTIVE") await this.#mark();
  }

  /** CLOSED, with what was done. */
  async close(changed: boolean, result: JsonValue): Promise<void> {
    if (this.#status === "CREATED") await this.#move("ACTIVE", {});
    const audit = this.#event(OPERATION_EVENTS.ended, "CLOSED", { changed, result });
    await this.#move("CLOSED", { audit, clean: this.#start.op });
  }

  /** ABORTED, and why. */
  async abort({ code, exit, message }: Pick<AppError, "code" | "exit" | "message">): Promise<void> {
    const audit = this.#event(OPERATION_EVENTS.ended, "ABORTED", { error: { code, exit, message } });
    await this.#move("ABORTED", { audit, clean: this.#start.op });
  }

  async #mark(audit?: NewAuditEvent): Promise<void> {
    const { op, verb, args, who } = this.#start;
    const state = { verb, ...this.#ref, args, process: who.process, notes: this.#notes };
    const dirty = {
      dfid: op,
      failedStep: this.#step.action,
      partialStateJson: JSON.stringify(state),
    };
    const along = audit === undefined ? {} : { audit };
    if (this.#status === "CREATED") await this.#move("ACTIVE", { ...along, dirty });
    else await this.#state.saga.markDirty(op, dirty.failedStep, dirty.partialStateJson, { along });
  }

  async #move(
    to: FlowStatus,
    along: { readonly audit?: NewAuditEvent; readonly dirty?: DirtyMark; readonly clean?: string },
  ): Promise<void> {
    const { op } = this.#start;
    const { moved } = await this.#state.lifecycle.transitionIf(op, this.#status, to, { along });
    invariant(moved, `operation ${op} stands where its own log left it`);
    this.#status = to;
  }

  #event(event: string, state: FlowStatus, details: JsonFacts, stepId = this.#start.verb): NewAuditEvent {
    return { dfid: this.#start.op, event, state, stepId, details: { ...this.#ref, ...details } };
  }
}

type JsonFacts = Readonly<Record<string, unknown>>;
