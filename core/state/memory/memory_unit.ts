/**
 * What the in-memory stores share.
 *
 * @module
 */
import type { Clock } from "../../port/host.ts";
import { checkPage, invalid } from "../check_input.ts";
import type { NewAuditEvent } from "../contracts/decision_audit.ts";
import type { Along, DirtyMark, Page } from "../contracts/store.ts";

/** What an in-memory store is made with. */
export interface MemoryOptions {
  /** Where times come from. */
  readonly clock: Pick<Clock, "nowMicros">;
  /** Stores of one unit can be written together; default: the store stands alone. */
  readonly unit?: MemoryUnit;
}

/** A write whose arguments have been checked: carrying it out cannot fail. */
export type Commit = () => void;

/** What a saga store does for its neighbours. */
export interface SagaNeighbour {
  /** Marks a flow. */
  prepareMark(mark: DirtyMark): Commit;
  /** Makes a flow clean. */
  prepareClean(dfid: string): Commit;
}

/** What holds stores together, so that one of them can write into its neighbours. */
export class MemoryUnit {
  #prepareAudit: ((event: NewAuditEvent) => Commit) | null = null;
  #prepareReset: ((dfid: string) => Commit) | null = null;
  #saga: SagaNeighbour | null = null;

  /** Makes the decision audit of this unit known. */
  joinAudit(prepare: (event: NewAuditEvent) => Commit): void {
    this.#prepareAudit = prepare;
  }

  /** Makes the intent retry store of this unit known. */
  joinRetries(prepare: (dfid: string) => Commit): void {
    this.#prepareReset = prepare;
  }

  /** Makes the saga store of this unit known. */
  joinSaga(saga: SagaNeighbour): void {
    this.#saga = saga;
  }

  /** Checks what is to be written along; throws before anything has changed. */
  prepare({ audit, resetRetries, dirty, clean }: Along = {}): Commit {
    const commits: Commit[] = [];
    if (audit !== undefined) {
      if (this.#prepareAudit === null) throw invalid("this store has no decision audit beside it");
      commits.push(this.#prepareAudit(audit));
    }
    if (resetRetries !== undefined) {
      if (this.#prepareReset === null) throw invalid("this store has no intent retry store beside it");
      commits.push(this.#prepareReset(resetRetries));
    }
    if (dirty !== undefined || clean !== undefined) {
      if (this.#saga === null) throw invalid("this store has no saga store beside it");
      if (dirty !== undefined) commits.push(this.#saga.prepareMark(dirty));
      if (clean !== undefined) commits.push(this.#saga.prepareClean(clean));
    }
    return () => commits.forEach((commit) => commit());
  }
}

/** Runs `body` at once and undivided; what it throws rejects the promise. */
export function atomically<T>(body: () => T): Promise<T> {
  return new Promise((resolve) => resolve(body()));
}

/** The rows of a page; `rows` are ordered by `seq`. */
export function takePage<T extends { readonly seq: number }>(rows: Iterable<T>, page?: Page): T[] {
  const { limit, after } = checkPage(page);
  return Iterator.from(rows).filter((row) => row.seq > after).take(limit).toArray();
}

/** Removes the entries that `isOver` picks; returns how many. */
export function removeWhere<K, V>(map: Map<K, V>, isOver: (value: V) => boolean): number {
  const over = [...map].filter(([, value]) => isOver(value));
  over.forEach(([key]) => map.delete(key));
  return over.length;
}
