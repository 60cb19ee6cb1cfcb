/**
 * Putting right what stopped half way.
 *
 * @module
 */
import type { DirtyState } from "../contracts/saga.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import type { JsonValue } from "../json_value.ts";
import { openStateWorld, type StateWorld } from "../state_world.ts";
import { type AuditOption, withAudit } from "./audit_option.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";
import { newUuidV4 } from "./new_uuid_v4.ts";
import { withLease } from "./with_lease.ts";

/** What can be done about a dirty flow. */
export type CompensationAction = "REVERT" | "CLOSE_ALL" | "ALERT_HUMAN" | "NOOP";

/** Undoes what was done; a truthy answer makes the flow clean. May be called again for the same flow. */
export type RevertCallback = (dfid: string, partialState: JsonValue) => unknown;
/** Closes everything that the flow has open; a truthy answer makes the flow clean. */
export type CloseAllCallback = (dfid: string) => unknown;
/** Tells a human; its answer does not count. */
export type AlertHumanCallback = (dfid: string, partialState: JsonValue) => unknown;

/** Options of {@linkcode SagaCompensation}. */
export interface SagaCompensationOptions extends ManagerOptions<"saga"> {
  /** For `REVERT`. */
  readonly revertCallback?: RevertCallback | null;
  /** For `CLOSE_ALL`. */
  readonly closeAllCallback?: CloseAllCallback | null;
  /** For `ALERT_HUMAN`. */
  readonly alertHumanCallback?: AlertHumanCallback | null;
  /** After so long without a sign of life another worker may try; default 60 s. */
  readonly leaseMs?: number;
}

/** Options of {@linkcode SagaCompensation.executeCompensation}. */
export interface CompensationOptions extends AuditOption {
  /** The caller knows that nobody else is at it, by a lock for one: who claimed it before is dead. */
  readonly alone?: boolean;
}

/** How a compensation went. */
export interface CompensationResult {
  /** Whether the action was carried out. */
  readonly success: boolean;
  /** One line. */
  readonly message: string;
}

/** A callback that is ready to be called, and whether a truthy answer makes the flow clean. */
interface Plan {
  readonly call: (state: DirtyState) => unknown;
  readonly clears: boolean;
}

const METHODS = [
  "markDirty",
  "getDirtyFlows",
  "getDirtyState",
  "claimCompensation",
  "renewCompensation",
  "finishCompensation",
] as const;

const NOT_DIRTY: CompensationResult = { success: false, message: "Flow not in dirty state" };

/**
 * The dirty flows and their compensation. Only one worker at a time works on a flow; attempts are counted.
 *
 * @example
 * ```ts
 * import { memoryStorage, SagaCompensation } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const saga = new SagaCompensation({ storage: memoryStorage().saga, revertCallback: () => true });
 * await saga.markDirty("df1", "charge", { paid: 5 });
 * const { success } = await saga.executeCompensation("df1", "REVERT");
 * assertEquals([success, await saga.getDirtyFlows()], [true, []]);
 * ```
 */
export class SagaCompensation implements AsyncDisposable {
  readonly #store: ManagedStore<"saga">;
  readonly #world: StateWorld;
  readonly #options: SagaCompensationOptions;

  /** On a store; throws `invalid_value` for none, or one that lacks a method. */
  constructor(
    ...args: ArgumentList<
      [
        dbPath?: string | null,
        revertCallback?: RevertCallback | null,
        closeAllCallback?: CloseAllCallback | null,
        alertHumanCallback?: AlertHumanCallback | null,
      ],
      SagaCompensationOptions
    >
  ) {
    const names = ["dbPath", "revertCallback", "closeAllCallback", "alertHumanCallback"] as const;
    this.#options = byName<SagaCompensationOptions>(args, names);
    this.#store = new ManagedStore(
      { manager: "SagaCompensation", slot: "saga", methods: METHODS },
      this.#options,
    );
    this.#world = openStateWorld(this.#options);
  }

  /** Marks a flow that stopped half way; one that is marked begins anew. */
  async markDirty(
    dfid: string,
    failedStep: string,
    partialState: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const text = dumpsJsonDict(partialState, { sortKeys: false, allowNan: false });
    await (await this.#store.get()).markDirty(dfid, failedStep, text);
  }

  /** The dirty flows, in the order in which they were first marked. */
  async getDirtyFlows(): Promise<string[]> {
    return await (await this.#store.get()).getDirtyFlows();
  }

  /** What is known of a dirty flow, attempts included; null for a clean one. */
  async getDirtyState(dfid: string): Promise<DirtyState | null> {
    return await (await this.#store.get()).getDirtyState(dfid);
  }

  /**
   * Carries out an action on a dirty flow. `REVERT` and `CLOSE_ALL` make it clean if their callback says so;
   * after `ALERT_HUMAN` and `NOOP` it is still dirty. What a callback throws is thrown, and the flow stays
   * dirty. `audit` is written when the attempt ends.
   */
  async executeCompensation(
    dfid: string,
    action: CompensationAction,
    options: CompensationOptions = {},
  ): Promise<CompensationResult> {
    const store = await this.#store.get();
    if (await store.getDirtyState(dfid) === null) return NOT_DIRTY;
    if (action === "NOOP") return { success: true, message: "NOOP" };
    const plan = this.#plan(dfid, action);
    if ("message" in plan) return plan;

    const owner = newUuidV4(this.#world.random);
    const leaseMs = this.#options.leaseMs ?? 60_000;
    const claim = await store.claimCompensation(dfid, { owner, leaseMs, alone: options.alone ?? false });
    if (claim.kind === "clean") return NOT_DIRTY;
    if (claim.kind === "busy") return { success: false, message: "Compensation is in progress elsewhere" };
    const finish = (clear: boolean, outcome: string) =>
      store.finishCompensation(dfid, owner, { clear, outcome, ...withAudit(options) });
    const renew = () => store.renewCompensation(dfid, owner, leaseMs);
    let answer: unknown;
    try {
      answer = await withLease({ leaseMs, renew }, this.#world.clock, () => plan.call(claim));
    } catch (error) {
      // The failure itself is what the caller must hear of; the claim ends with its lease at the latest.
      await finish(false, `${action} failed: ${firstLine(error)}`).catch(() => false);
      throw error;
    }
    const success = !plan.clears || Boolean(answer);
    const message = success ? action : `${action} was refused by its callback`;
    if (await finish(plan.clears && success, message)) return { success, message };
    return { success: false, message: "Compensation was taken over elsewhere" };
  }

  /** Closes the file of `dbPath`. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What to call for an action, or why nothing can be called. */
  #plan(dfid: string, action: Exclude<CompensationAction, "NOOP">): Plan | CompensationResult {
    const { revertCallback, closeAllCallback, alertHumanCallback } = this.#options;
    switch (action) {
      case "REVERT":
        if (!revertCallback) return { success: false, message: "No revert callback" };
        return { call: ({ partial_state }) => revertCallback(dfid, partial_state), clears: true };
      case "CLOSE_ALL":
        if (!closeAllCallback) return { success: false, message: "No close_all callback" };
        return { call: () => closeAllCallback(dfid), clears: true };
      case "ALERT_HUMAN":
        if (!alertHumanCallback) return { success: false, message: "No alert_human callback" };
        return { call: ({ partial_state }) => alertHumanCallback(dfid, partial_state), clears: false };
      default:
        return { success: false, message: `Unknown action: ${String(action)}` };
    }
  }
}

function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}
