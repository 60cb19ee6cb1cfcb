/**
 * Moving a flow from one state to the next.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import type { Along } from "../contracts/store.ts";
import type { AuditOption } from "./audit_option.ts";
import { type FlowStatus, isFinalFlowStatus, isFlowStatus, nextFlowStatuses } from "./flow_status.ts";
import type { IntentRetryGovernor } from "./intent_retry_governor.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";

/** Options of {@linkcode transition}. */
export interface FlowTransitionOptions extends ManagerOptions<"lifecycle">, AuditOption {
  /** Forgets the flow's rejections when it ends. */
  readonly retryGovernor?: IntentRetryGovernor | null;
}

const NEEDS = { manager: "transition", slot: "lifecycle", methods: ["transitionIf"] } as const;

/**
 * Moves a flow on, if it stands at `from` and `to` may follow. A flow begins with `from` null, or, when it was
 * begun elsewhere, with the first transition that is recorded of it. At its end (`CLOSED`, `ABORTED`) the governor
 * forgets its rejections: in the same transaction where both live in one store, else right after it. Without
 * a store only the rules are checked.
 *
 * @example
 * ```ts
 * import { memoryStorage, transition } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const storage = memoryStorage().lifecycle;
 * await transition("df1", null, "CREATED", { storage });
 * await transition("df1", "CREATED", "ACTIVE", { storage });
 * assertEquals(await storage.getStatus("df1"), "ACTIVE");
 * ```
 *
 * @throws {AppError} `wrong_state` when the flow stands elsewhere or the step is not allowed;
 * `invalid_value` for a word that is no state
 */
export async function transition(
  dfid: string,
  from: FlowStatus | null,
  to: FlowStatus,
  ...args: ArgumentList<
    [retryGovernor?: IntentRetryGovernor | null, dbPath?: string | null],
    FlowTransitionOptions
  >
): Promise<void> {
  const options = byName<FlowTransitionOptions>(args, ["retryGovernor", "dbPath"]);
  requireLegalStep(dfid, from, to);
  const forgetting = isFinalFlowStatus(to) ? options.retryGovernor ?? null : null;
  if (options.storage === undefined && options.dbPath === undefined) {
    await forgetting?.reset(dfid);
    return;
  }
  const managed = new ManagedStore(NEEDS, options);
  let together = false;
  try {
    const store = await managed.get();
    together = await forgetting?.commitsWith(store) === true;
    const along: Along = {
      ...options.audit === undefined ? {} : { audit: options.audit },
      ...together ? { resetRetries: dfid } : {},
    };
    const expected = from === null ? [null] : [from, null];
    const { moved, current } = await store.transitionIf(dfid, from, to, { expected, along });
    if (!moved) throw wrongState(dfid, from, to, current);
  } finally {
    await managed.close();
  }
  // Never before the step is stored: a step that fails must not lose the count.
  if (!together) await forgetting?.reset(dfid);
}

function requireLegalStep(dfid: string, from: FlowStatus | null, to: FlowStatus): void {
  for (const word of [from, to]) {
    if (word !== null && !isFlowStatus(word)) {
      throw new AppError("invalid_value", `no state of a flow: ${String(word)}`, { details: { dfid } });
    }
  }
  const next = from === null ? ["CREATED"] : nextFlowStatuses(from);
  if (next.some((word) => word === to)) return;
  throw new AppError("wrong_state", `a flow cannot go from ${from ?? "nothing"} to ${to}`, {
    hint: next.length === 0 ? `${from} is the end of a flow` : `it can go to ${next.join(", ")}`,
    details: { dfid, from, to },
  });
}

function wrongState(dfid: string, from: FlowStatus | null, to: FlowStatus, current: string | null): AppError {
  const where = current === null ? "is unknown" : `stands at ${current}`;
  return new AppError("wrong_state", `flow ${dfid} ${where}, not at ${from ?? "its beginning"}`, {
    hint: "look where it stands now, and go on from there",
    details: { dfid, from, to, current },
  });
}
