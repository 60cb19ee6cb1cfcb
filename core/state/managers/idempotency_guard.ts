/**
 * Doing things once, however often they are asked for.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import type { IdempotencyStorage } from "../contracts/idempotency.ts";
import { ResourceContentionError } from "../errors.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import type { JsonValue } from "../json_value.ts";
import { openStateWorld, type StateWorld, type StateWorldOptions } from "../state_world.ts";
import { idempotencyKey, type IdempotencyKeyOptions } from "./idempotency_key.ts";
import { requireMethods } from "./manager_arguments.ts";
import { newUuidV4 } from "./new_uuid_v4.ts";
import { nextPauseMs } from "./next_pause_ms.ts";
import { withLease } from "./with_lease.ts";

/** Options of {@linkcode IdempotencyGuard}. */
export interface IdempotencyGuardOptions extends StateWorldOptions, IdempotencyKeyOptions {
  /** After so long without a sign of life the one who is at it counts as dead; default 30 s. */
  readonly leaseMs?: number;
  /** How long to wait for another caller who is at it; default 60 s. */
  readonly timeoutSec?: number;
}

/** Options of {@linkcode IdempotencyGuard.once}. */
export interface OnceOptions {
  /** Stands for the arguments: the same key with another fingerprint is refused. Default: none. */
  readonly fingerprint?: string;
}

const METHODS = ["reserve", "complete", "abandon", "renew"] as const;

/**
 * Runs each step of a flow once for the same parameters. A caller reserves the step before it begins; others
 * wait and get its result. What threw is done again at the next call, as is what its caller did not live to
 * complete: the step itself must bear that. Every caller gets the result as JSON gives it back, null included.
 *
 * @example
 * ```ts
 * import { IdempotencyGuard, memoryStorage } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const guard = new IdempotencyGuard(memoryStorage().idempotency);
 * let runs = 0;
 * const add = ({ x, y }: { x: number; y: number }) => (runs++, { sum: x + y });
 * const answers = await Promise.all([1, 2, 3].map(() => guard.run("df1", "add", { x: 2, y: 3 }, add)));
 * assertEquals([answers, runs], [[{ sum: 5 }, { sum: 5 }, { sum: 5 }], 1]);
 * ```
 */
export class IdempotencyGuard {
  readonly #backend: IdempotencyStorage;
  readonly #world: StateWorld;
  readonly #leaseMs: number;
  readonly #timeoutMs: number;
  readonly #keyOptions: IdempotencyKeyOptions;

  /** Throws `invalid_value` for a backend that lacks a method. */
  constructor(backend: IdempotencyStorage, options: IdempotencyGuardOptions = {}) {
    requireMethods({ manager: "IdempotencyGuard", slot: "idempotency", methods: METHODS }, backend);
    this.#backend = backend;
    this.#world = openStateWorld(options);
    this.#leaseMs = options.leaseMs ?? 30_000;
    this.#timeoutMs = (options.timeoutSec ?? 60) * 1000;
    this.#keyOptions = { compat: options.compat ?? false };
  }

  /** The key of a step, see `idempotencyKey`. */
  key(dfid: string, stepId: string, params: Readonly<Record<string, unknown>>): string {
    return idempotencyKey(dfid, stepId, params, this.#keyOptions);
  }

  /**
   * The result of the step, which is done now unless it was done before.
   *
   * @throws {ResourceContentionError} another caller was at it for the whole time; whatever `func` throws
   */
  run<Params extends Readonly<Record<string, unknown>>>(
    dfid: string,
    stepId: string,
    params: Params,
    func: (params: Params) => unknown,
  ): Promise<JsonValue> {
    return this.once(this.key(dfid, stepId, params), () => func(params));
  }

  /**
   * The same for a key of the caller's own.
   *
   * @throws {AppError} `idempotency_mismatch` when the key was used with another fingerprint; see
   * {@linkcode IdempotencyGuard.run}
   */
  async once(key: string, func: () => unknown, { fingerprint }: OnceOptions = {}): Promise<JsonValue> {
    const { clock, random } = this.#world;
    const owner = newUuidV4(random);
    const reservation = {
      owner,
      leaseMs: this.#leaseMs,
      ...fingerprint === undefined ? {} : { fingerprint },
    };
    const endMs = clock.monotonicMs() + this.#timeoutMs;
    let own: { readonly result: JsonValue } | null = null;
    for (let pauseMs = 0;;) {
      const answer = await this.#backend.reserve(key, reservation);
      if (answer.kind === "done") return answer.result;
      if (answer.kind === "mismatch") throw mismatch(key);
      if (answer.kind === "reserved") {
        own ??= { result: await this.#perform(key, owner, func) };
        if (await this.#backend.complete(key, owner, own.result)) return own.result;
        // The lease was lost on the way, for example while the machine slept: what the other caller
        // stored counts, and only if it stored nothing what was done here.
        continue;
      }
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) {
        throw new ResourceContentionError("another caller is still doing the same step", {
          hint: "try again later; its result will be given then",
          details: { key, owner: answer.owner, expires_at: answer.expires_at },
        });
      }
      pauseMs = nextPauseMs(pauseMs);
      await clock.sleep(Math.min(pauseMs, leftMs));
    }
  }

  /** Does it, as JSON gives the result back; frees the key when that fails. */
  async #perform(key: string, owner: string, func: () => unknown): Promise<JsonValue> {
    const lease = { leaseMs: this.#leaseMs, renew: () => this.#backend.renew(key, owner, this.#leaseMs) };
    try {
      const result = await withLease(lease, this.#world.clock, func);
      return JSON.parse(dumpsJsonDict(result ?? null, { allowNan: false }));
    } catch (error) {
      // The failure itself is what the caller must hear of; a key that stays reserved is freed by its lease.
      await this.#backend.abandon(key, owner).catch(() => false);
      throw error;
    }
  }
}

function mismatch(key: string): AppError {
  return new AppError("idempotency_mismatch", `the idempotency key ${key} was used with other arguments`, {
    hint: "take a new key for a new request",
    details: { key },
  });
}
