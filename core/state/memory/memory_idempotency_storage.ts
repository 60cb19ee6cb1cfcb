/**
 * Results by key, in memory.
 *
 * @module
 */
import { checkSpan, checkText } from "../check_input.ts";
import type { IdempotencyStorage, Reservation, ReserveOptions } from "../contracts/idempotency.ts";
import type { AlongOption } from "../contracts/store.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import { type JsonValue, parseStoredJson } from "../json_value.ts";
import { leaseEnd } from "../lease_end.ts";
import { formatStamp } from "../stamp.ts";
import { atomically, type MemoryOptions, MemoryUnit, removeWhere } from "./memory_unit.ts";

/** A key that is reserved (`result` null) or done; `endsAt` is when the lease ends or the result was stored. */
interface Entry {
  readonly owner: string | null;
  readonly fingerprint: string | null;
  readonly work: string | null;
  readonly result: string | null;
  readonly endsAt: number;
}

/** Keys in a Map. */
export class MemoryIdempotencyStorage implements IdempotencyStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #entries = new Map<string, Entry>();

  /** A store without results. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
  }

  /** See {@linkcode IdempotencyStorage.get}. */
  get(key: string): Promise<JsonValue> {
    return atomically(() => {
      const result = this.#entries.get(key)?.result ?? null;
      return result === null ? null : parseStoredJson(result);
    });
  }

  /** See {@linkcode IdempotencyStorage.fingerprintOf}. */
  fingerprintOf(key: string): Promise<string | null> {
    return atomically(() => this.#entries.get(key)?.fingerprint ?? null);
  }

  /** See {@linkcode IdempotencyStorage.set}. */
  set(key: string, result: unknown): Promise<void> {
    return atomically(() => {
      checkText(key, "key");
      this.#entries.set(key, {
        owner: null,
        fingerprint: null,
        work: null,
        result: dumpsJsonDict(result, { allowNan: false }),
        endsAt: this.#clock.nowMicros(),
      });
    });
  }

  /** See {@linkcode IdempotencyStorage.reserve}. */
  reserve(key: string, options: ReserveOptions): Promise<Reservation> {
    const { owner, leaseMs, fingerprint, work, replacing } = options;
    return atomically((): Reservation => {
      checkText(key, "key");
      checkText(owner, "owner");
      checkSpan(leaseMs, "leaseMs");
      if (fingerprint !== undefined) checkText(fingerprint, "fingerprint");
      if (work !== undefined) checkText(work, "work");
      const now = this.#clock.nowMicros();
      const found = this.#entries.get(key);
      const known = found?.fingerprint ?? null;
      if (fingerprint !== undefined && known !== null && known !== fingerprint) return { kind: "mismatch" };
      if (found !== undefined && found.result !== null) {
        return { kind: "done", result: parseStoredJson(found.result) };
      }
      const others = found !== undefined && found.owner !== null && found.owner !== owner
        ? found.owner
        : null;
      if (found !== undefined && others !== null && others !== replacing && found.endsAt > now) {
        return { kind: "busy", owner: others, expires_at: formatStamp(found.endsAt), work: found.work };
      }
      const entry = {
        owner,
        fingerprint: known ?? fingerprint ?? null,
        work: found?.work ?? work ?? null,
        result: null,
        endsAt: leaseEnd(now, leaseMs),
      };
      this.#entries.set(key, entry);
      return { kind: "reserved", took_over: others !== null, work: entry.work };
    });
  }

  /** See {@linkcode IdempotencyStorage.complete}. */
  complete(key: string, owner: string, result: unknown, { along }: AlongOption = {}): Promise<boolean> {
    return atomically(() => {
      const text = dumpsJsonDict(result, { allowNan: false });
      const commit = this.unit.prepare(along);
      const entry = this.#reserved(key, owner);
      if (entry === null) return false;
      this.#entries.set(key, { ...entry, owner: null, result: text, endsAt: this.#clock.nowMicros() });
      commit();
      return true;
    });
  }

  /** See {@linkcode IdempotencyStorage.abandon}. */
  abandon(key: string, owner: string): Promise<boolean> {
    return atomically(() => this.#reserved(key, owner) !== null && this.#entries.delete(key));
  }

  /** See {@linkcode IdempotencyStorage.renew}. */
  renew(key: string, owner: string, leaseMs: number): Promise<boolean> {
    return atomically(() => {
      checkSpan(leaseMs, "leaseMs");
      const entry = this.#reserved(key, owner);
      if (entry === null) return false;
      this.#entries.set(key, { ...entry, endsAt: leaseEnd(this.#clock.nowMicros(), leaseMs) });
      return true;
    });
  }

  /** See {@linkcode IdempotencyStorage.prune}. */
  prune(beforeMicros: number): Promise<number> {
    return atomically(() => removeWhere(this.#entries, ({ endsAt }) => endsAt < beforeMicros));
  }

  #reserved(key: string, owner: string): Entry | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.result === null && entry.owner === owner ? entry : null;
  }
}
