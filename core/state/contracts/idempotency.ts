/**
 * What was already done: a result per key, and who is at it.
 *
 * @module
 */
import type { JsonValue } from "../json_value.ts";
import type { AlongOption, Lease, Store } from "./store.ts";

/** Options of {@linkcode IdempotencyStorage.reserve}. */
export interface ReserveOptions extends Lease {
  /** Stands for the arguments: a key in use with another fingerprint is a mismatch. Default: none. */
  readonly fingerprint?: string;
  /**
   * Names the work that the key stands for. Like the fingerprint it is fixed by the first reservation, so that
   * who takes over learns what the one before was at. Default: none.
   */
  readonly work?: string;
  /** An owner that is known to be dead: its reservation counts as ended, whatever its lease. */
  readonly replacing?: string;
}

/** Answer of {@linkcode IdempotencyStorage.reserve}. */
export type Reservation =
  /** The caller is to do it; `took_over` when an earlier owner's lease has ended without a result. */
  | { readonly kind: "reserved"; readonly took_over: boolean; readonly work: string | null }
  /** It was done; the result may well be null. */
  | { readonly kind: "done"; readonly result: JsonValue }
  /** Somebody else is at it. */
  | {
    readonly kind: "busy";
    readonly owner: string;
    readonly expires_at: string;
    readonly work: string | null;
  }
  /** The key was used with another fingerprint. */
  | { readonly kind: "mismatch" };

/**
 * Results by key. They are encoded with `dumpsJsonDict(result, {allowNan: false})`; what that refuses is
 * refused here.
 */
export interface IdempotencyStorage extends Store {
  /** The result; null when there is none, or none yet, or it is null. */
  get(key: string): Promise<JsonValue>;
  /** The fingerprint that the key was reserved with; null when there is none, or no such key. */
  fingerprintOf(key: string): Promise<string | null>;
  /** Stores a result whatever there was; a reservation of the key ends. */
  set(key: string, result: unknown): Promise<void>;
  /**
   * In one transaction: the result if there is one, else a reservation for the owner unless another
   * owner's lease still holds. The same owner may reserve again and so renews its lease. Fingerprint and
   * work are fixed by the first reservation until the key is abandoned or pruned.
   */
  reserve(key: string, options: ReserveOptions): Promise<Reservation>;
  /** Stores the result if the owner's reservation still stands, lease ended or not; else false. */
  complete(key: string, owner: string, result: unknown, options?: AlongOption): Promise<boolean>;
  /** Frees a key that the owner has reserved and not completed; else false. */
  abandon(key: string, owner: string): Promise<boolean>;
  /** Makes the lease end `leaseMs` from now; false if the owner's reservation no longer stands. */
  renew(key: string, owner: string, leaseMs: number): Promise<boolean>;
  /** Removes results stored, and leases ended, before that time; returns how many. */
  prune(beforeMicros: number): Promise<number>;
}
