/**
 * Dirty flows, in memory.
 *
 * @module
 */
import { checkJson, checkSpan, checkText } from "../check_input.ts";
import type {
  ClaimOptions,
  CompensationClaim,
  CompensationEnd,
  DirtyState,
  SagaStorage,
} from "../contracts/saga.ts";
import type { AlongOption, DirtyMark } from "../contracts/store.ts";
import { parseStoredJson } from "../json_value.ts";
import { leaseEnd } from "../lease_end.ts";
import { formatStamp } from "../stamp.ts";
import { atomically, type Commit, type MemoryOptions, MemoryUnit } from "./memory_unit.ts";

interface DirtyFlow {
  readonly failedStep: string;
  readonly partialStateJson: string;
  readonly markedAt: number;
  readonly attempts: number;
  readonly lastOutcome: string | null;
  readonly claim: { readonly owner: string; readonly endsAt: number } | null;
}

/** Dirty flows in a Map. */
export class MemorySagaStorage implements SagaStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #flows = new Map<string, DirtyFlow>();

  /** A store without dirty flows. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
    unit.joinSaga({
      prepareMark: (mark) => this.#prepareMark(mark),
      prepareClean: (dfid) => {
        checkText(dfid, "clean");
        return () => void this.#flows.delete(dfid);
      },
    });
  }

  /** Nothing to prepare. */
  initSchema(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode SagaStorage.markDirty}. */
  markDirty(
    dfid: string,
    failedStep: string,
    partialStateJson: string,
    { along }: AlongOption = {},
  ): Promise<void> {
    return atomically(() => {
      const mark = this.#prepareMark({ dfid, failedStep, partialStateJson });
      const commit = this.unit.prepare(along);
      mark();
      commit();
    });
  }

  /** See {@linkcode SagaStorage.getDirtyFlows}. */
  getDirtyFlows(): Promise<string[]> {
    return atomically(() => [...this.#flows.keys()]);
  }

  /** See {@linkcode SagaStorage.getDirtyState}. */
  getDirtyState(dfid: string): Promise<DirtyState | null> {
    return atomically(() => {
      const flow = this.#flows.get(dfid);
      return flow === undefined ? null : dirtyState(flow);
    });
  }

  /** See {@linkcode SagaStorage.clearDirty}. */
  clearDirty(dfid: string): Promise<void> {
    return atomically(() => void this.#flows.delete(dfid));
  }

  /** See {@linkcode SagaStorage.claimCompensation}. */
  claimCompensation(
    dfid: string,
    { owner, leaseMs, alone = false }: ClaimOptions,
  ): Promise<CompensationClaim> {
    return atomically((): CompensationClaim => {
      checkText(owner, "owner");
      checkSpan(leaseMs, "leaseMs");
      const flow = this.#flows.get(dfid);
      if (flow === undefined) return { kind: "clean" };
      const now = this.#clock.nowMicros();
      if (!alone && flow.claim !== null && flow.claim.owner !== owner && flow.claim.endsAt > now) {
        const expires_at = formatStamp(flow.claim.endsAt);
        return { kind: "busy", owner: flow.claim.owner, expires_at, attempts: flow.attempts };
      }
      const claim = { owner, endsAt: leaseEnd(now, leaseMs) };
      const claimed = { ...flow, attempts: flow.attempts + 1, claim };
      this.#flows.set(dfid, claimed);
      return { kind: "claimed", ...dirtyState(claimed) };
    });
  }

  /** See {@linkcode SagaStorage.renewCompensation}. */
  renewCompensation(dfid: string, owner: string, leaseMs: number): Promise<boolean> {
    return atomically(() => {
      checkSpan(leaseMs, "leaseMs");
      const flow = this.#claimed(dfid, owner);
      if (flow === null) return false;
      const endsAt = leaseEnd(this.#clock.nowMicros(), leaseMs);
      this.#flows.set(dfid, { ...flow, claim: { owner, endsAt } });
      return true;
    });
  }

  /** See {@linkcode SagaStorage.finishCompensation}. */
  finishCompensation(dfid: string, owner: string, end: CompensationEnd): Promise<boolean> {
    return atomically(() => {
      checkText(end.outcome, "outcome");
      const commit = this.unit.prepare(end.along);
      const flow = this.#claimed(dfid, owner);
      if (flow === null) return false;
      if (end.clear) this.#flows.delete(dfid);
      else this.#flows.set(dfid, { ...flow, lastOutcome: end.outcome, claim: null });
      commit();
      return true;
    });
  }

  #prepareMark({ dfid, failedStep, partialStateJson }: DirtyMark): Commit {
    checkText(dfid, "dfid");
    checkText(failedStep, "failedStep");
    checkJson(partialStateJson, "partialStateJson");
    const markedAt = this.#clock.nowMicros();
    const flow = { failedStep, partialStateJson, markedAt, attempts: 0, lastOutcome: null, claim: null };
    return () => void this.#flows.set(dfid, flow);
  }

  #claimed(dfid: string, owner: string): DirtyFlow | null {
    const flow = this.#flows.get(dfid);
    return flow !== undefined && flow.claim?.owner === owner ? flow : null;
  }
}

function dirtyState(flow: DirtyFlow): DirtyState {
  return {
    failed_step: flow.failedStep,
    partial_state: parseStoredJson(flow.partialStateJson),
    attempts: flow.attempts,
    last_outcome: flow.lastOutcome,
    marked_at: formatStamp(flow.markedAt),
  };
}
