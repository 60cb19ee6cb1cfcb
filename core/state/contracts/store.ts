/**
 * What the nine contracts share.
 *
 * All methods return promises and never throw synchronously. Every failure is a `StorageError`: code
 * `invalid_value` for what cannot be stored, else `storage_failed`, `disk_full`, `permission_denied`, or
 * `lock_timeout` when another writer held the store until the deadline.
 *
 * Texts are well-formed Unicode without U+0000; all others are refused.
 *
 * Each method is all or nothing. Values that go in or come out as objects make a JSON round trip and are
 * copies. Times are taken from the backend's clock; fields named `..._at` hold them as
 * `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always UTC with six digits. Lists are in the order of first insertion.
 *
 * @module
 */
import type { NewAuditEvent } from "./decision_audit.ts";

/** A backend of one store. */
export interface Store {
  /**
   * Stores that give the same object here commit together, so that one method can write into its
   * neighbours; see {@linkcode Along}. Absent: the store stands alone.
   */
  readonly unit?: object;
  /** Ends the use of what the store holds open; harmless when repeated. */
  close?(): Promise<void>;
}

/** What is known of a flow that may stop half way. */
export interface DirtyMark {
  /** The flow. */
  readonly dfid: string;
  /** The step that it is at. */
  readonly failedStep: string;
  /** What putting it right needs to know, a JSON text; `""` reads as `{}`. */
  readonly partialStateJson: string;
}

/**
 * What is written in the same transaction as the change itself. A store refuses (`invalid_value`) what
 * it cannot write together: ask {@linkcode sharesUnit} first.
 */
export interface Along {
  /** An event for the decision audit of the same unit. */
  readonly audit?: NewAuditEvent;
  /** A flow whose rejections are forgotten, in the intent retry store of the same unit. */
  readonly resetRetries?: string;
  /** A flow that is dirty from now on, in the saga store of the same unit, as by its `markDirty`. */
  readonly dirty?: DirtyMark;
  /** A flow that is clean from now on, in the saga store of the same unit. */
  readonly clean?: string;
}

/** Option of the methods that can write along. */
export interface AlongOption {
  /** What is committed together with the change; written only when there is a change. */
  readonly along?: Along;
}

/** Which part of a long list. */
export interface Page {
  /** At most so many rows; default: all. */
  readonly limit?: number;
  /** Only rows with a greater `seq`; default 0, from the beginning. */
  readonly after?: number;
}

/** Rights to something for a limited time. */
export interface Lease {
  /** Who holds it: any text that no other holder uses, such as a UUID. */
  readonly owner: string;
  /** How long it holds unless it is renewed. */
  readonly leaseMs: number;
}

/**
 * Whether the two stores can be written in one transaction.
 *
 * @example
 * ```ts
 * import { sharesUnit } from "./store.ts";
 * import { assert } from "@std/assert";
 * const unit = {};
 * assert(sharesUnit({ unit }, { unit }));
 * assert(!sharesUnit({}, {}));
 * ```
 */
export function sharesUnit(one: Store, other: Store): boolean {
  return one.unit !== undefined && one.unit === other.unit;
}
