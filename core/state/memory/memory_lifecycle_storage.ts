/**
 * Transitions of flows, in memory.
 *
 * @module
 */
import { checkPage, checkText, checkTextOrNull } from "../check_input.ts";
import type {
  FlowRow,
  LifecycleStorage,
  NewestFlows,
  TransitionOptions,
  TransitionResult,
  TransitionRow,
} from "../contracts/lifecycle.ts";
import type { Page } from "../contracts/store.ts";
import { formatStamp } from "../stamp.ts";
import { atomically, type MemoryOptions, MemoryUnit, removeWhere, takePage } from "./memory_unit.ts";

interface Flow {
  readonly dfid: string;
  readonly status: string;
  readonly changedAt: number;
  readonly seq: number;
}

/** Transitions in an array, flows in a Map. */
export class MemoryLifecycleStorage implements LifecycleStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #flows = new Map<string, Flow>();
  #transitions: TransitionRow[] = [];
  #lastSeq = 0;

  /** A store without flows. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
  }

  /** See {@linkcode LifecycleStorage.recordTransition}. */
  recordTransition(dfid: string, fromStatus: string | null, toStatus: string): Promise<void> {
    return atomically(() => {
      checkTransition(dfid, fromStatus, toStatus);
      this.#append(dfid, fromStatus, toStatus);
    });
  }

  /** See {@linkcode LifecycleStorage.transitionIf}. */
  transitionIf(
    dfid: string,
    fromStatus: string | null,
    toStatus: string,
    { expected = [fromStatus], along }: TransitionOptions = {},
  ): Promise<TransitionResult> {
    return atomically(() => {
      checkTransition(dfid, fromStatus, toStatus);
      const commit = this.unit.prepare(along);
      const current = this.#flows.get(dfid)?.status ?? null;
      if (!expected.includes(current)) return { moved: false, current };
      this.#append(dfid, fromStatus, toStatus);
      commit();
      return { moved: true, current };
    });
  }

  /** See {@linkcode LifecycleStorage.getStatus}. */
  getStatus(dfid: string): Promise<string | null> {
    return atomically(() => this.#flows.get(dfid)?.status ?? null);
  }

  /** See {@linkcode LifecycleStorage.getTransitions}. */
  getTransitions(dfid?: string, page?: Page): Promise<TransitionRow[]> {
    return atomically(() => {
      const rows = this.#transitions.filter((row) => dfid === undefined || row.dfid === dfid);
      return takePage(rows, page).map((row) => ({ ...row }));
    });
  }

  /** See {@linkcode LifecycleStorage.listFlows}. */
  listFlows(
    { statuses, ...page }: { readonly statuses?: readonly string[] } & Page = {},
  ): Promise<FlowRow[]> {
    return atomically(() => takePage(this.#flowsAt(statuses), page).map(toFlowRow));
  }

  /** See {@linkcode LifecycleStorage.listNewestFlows}. */
  listNewestFlows(
    { statuses, before = Number.MAX_SAFE_INTEGER, ...page }: NewestFlows = {},
  ): Promise<FlowRow[]> {
    return atomically(() => {
      const { limit } = checkPage({ ...page, after: before });
      return this.#flowsAt(statuses).reverse().filter(({ seq }) => seq < before).slice(0, limit).map(
        toFlowRow,
      );
    });
  }

  /** See {@linkcode LifecycleStorage.prune}. */
  prune(beforeMicros: number, statuses: readonly string[]): Promise<number> {
    return atomically(() => {
      const isOver = ({ status, changedAt }: Flow) => statuses.includes(status) && changedAt < beforeMicros;
      const removed = removeWhere(this.#flows, isOver);
      this.#transitions = this.#transitions.filter(({ dfid }) => this.#flows.has(dfid));
      return removed;
    });
  }

  #flowsAt(statuses: readonly string[] | undefined): Flow[] {
    return [...this.#flows.values()].filter(({ status }) => statuses?.includes(status) ?? true);
  }

  #append(dfid: string, from_status: string | null, to_status: string): void {
    const changedAt = this.#clock.nowMicros();
    const seq = ++this.#lastSeq;
    this.#transitions.push({ dfid, from_status, to_status, created_at: formatStamp(changedAt), seq });
    const place = this.#flows.get(dfid)?.seq ?? seq;
    this.#flows.set(dfid, { dfid, status: to_status, changedAt, seq: place });
  }
}

function toFlowRow({ changedAt, ...flow }: Flow): FlowRow {
  return { ...flow, changed_at: formatStamp(changedAt) };
}

function checkTransition(dfid: string, fromStatus: string | null, toStatus: string): void {
  checkText(dfid, "dfid");
  checkTextOrNull(fromStatus, "from_status");
  checkText(toStatus, "to_status");
}
