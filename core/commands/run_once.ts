/**
 * `--idempotency-key`: the same request under the same key is carried out once, whoever asks and however often.
 *
 * A key stands for one operation. Who asks for it while another process is at it waits; who comes after a
 * process that has died takes its operation over, which settles what that one left; who comes after a failure
 * that may pass goes on with the task that was made. So a request converges to one result, whenever its process
 * is killed, and however often it fails.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { CommandInput } from "../cli/declaration.ts";
import type { Outcome } from "../cli/define_command.ts";
import type { DryRunAnswer, MutationOptions } from "../engine/operation.ts";
import { whoAmI } from "../engine/who.ts";
import { AppError, isAppError } from "../error.ts";
import { HISTORY_KEPT_MIN_S } from "../history_age.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import type { Reservation } from "../state/contracts/idempotency.ts";
import { decodeLockOwner, encodeLockOwner, judgeProcessOwner } from "../state/managers/lock_owner.ts";
import { withLease } from "../state/managers/with_lease.ts";
import { sha256Hex } from "../state/sha256.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import type { App } from "./app.ts";
import { encodeFailure, encodeOutcome, markReplayed, replay } from "./stored_answer.ts";

/** Without a sign of life for so long, whoever is at it counts as dead, on whichever machine. */
const LEASE_MS = 30_000;
/** The shortest lease: as good as ended. */
const ENDED_MS = 1;
const KEPT_MICROS = HISTORY_KEPT_MIN_S * 1e6;
const POLL_MS = 50;

/** Does the work of one changing command. */
type Work<Data> = (options: MutationOptions) => Promise<Outcome<Data>>;

/** Runs the work, once per key if there is one. */
export async function runOnce<Data extends object>(
  app: App,
  input: CommandInput,
  given: unknown,
  work: Work<Data>,
): Promise<Outcome<Data>> {
  const { dryRun, idempotencyKey } = input;
  if (idempotencyKey === null) return await work({ dryRun });
  // Embedders may have keys of their own in the same store.
  const key = `command ${idempotencyKey}`;
  const fingerprint = fingerprintOf(input, given);
  const carrel = await app.carrel();
  if (dryRun) {
    const isAnswered = await hasAnswer(await carrel.existingState(), key, fingerprint);
    return isAnswered ? foreseeReplay(carrel, key) : await work({ dryRun });
  }
  const state = await carrel.state();
  await state.idempotency.prune(carrel.host.clock.nowMicros() - KEPT_MICROS);
  const claim = await claimKey(carrel, state, key, fingerprint);
  switch (claim.kind) {
    case "done":
      return replay<Data>(claim.result);
    case "performed":
      return markReplayed(await work({ op: claim.op }));
    case "claimed":
      return await answerFor(carrel, state, { key, ...claim }, work);
  }
}

/** Stands for everything that was asked for. */
function fingerprintOf({ path, args, flags, rest }: CommandInput, given: unknown): string {
  return sha256Hex(JSON.stringify([path, args, flags, rest, given ?? null]));
}

/** What a key turned out to be. */
type Claim =
  /** It has an answer. */
  | Extract<Reservation, { kind: "done" }>
  /** Another process has carried its operation out and is still busy with the answer. */
  | { readonly kind: "performed"; readonly op: string }
  /** It is this process's turn; `took_over` from one that has died. */
  | { readonly kind: "claimed"; readonly owner: string; readonly op: string; readonly took_over: boolean };

async function claimKey(
  carrel: Carrel,
  state: StorageBundle,
  key: string,
  fingerprint: string,
): Promise<Claim> {
  const { host, lockTimeoutMs } = carrel;
  const op = newUuidV7(host);
  const { process } = await whoAmI(host);
  // The operation makes it another owner than every other call of this process.
  const owner = process === null ? op : encodeLockOwner({ ...process, claim: op });
  const deadlineMs = host.clock.monotonicMs() + lockTimeoutMs;
  let dead: string | null = null;
  for (;;) {
    const answer = await state.idempotency.reserve(key, {
      owner,
      leaseMs: LEASE_MS,
      fingerprint,
      work: op,
      ...(dead === null ? {} : { replacing: dead }),
    });
    if (answer.kind === "done") return answer;
    if (answer.kind === "mismatch") throw mismatch(key);
    if (answer.kind === "reserved") {
      return { kind: "claimed", owner, op: answer.work ?? op, took_over: answer.took_over };
    }
    dead = await isGone(answer.owner, carrel) ? answer.owner : null;
    if (dead !== null) continue;
    if (answer.work !== null && await state.lifecycle.getStatus(answer.work) === "CLOSED") {
      return { kind: "performed", op: answer.work };
    }
    const leftMs = deadlineMs - host.clock.monotonicMs();
    if (leftMs <= 0) throw inProgress(key, answer.owner);
    await host.clock.sleep(Math.min(POLL_MS, leftMs));
  }
}

async function answerFor<Data extends object>(
  carrel: Carrel,
  { idempotency, lifecycle }: StorageBundle,
  claim: { readonly key: string; readonly owner: string; readonly op: string; readonly took_over: boolean },
  work: Work<Data>,
): Promise<Outcome<Data>> {
  const { key, owner, op } = claim;
  const lease = { leaseMs: LEASE_MS, renew: () => idempotency.renew(key, owner, LEASE_MS) };
  return await withLease(lease, carrel.host.clock, async () => {
    let outcome: Outcome<Data>;
    try {
      outcome = await work({ op });
    } catch (error) {
      if (!isAppError(error)) throw error;
      await keepAnswer(carrel, async () => {
        const status = await lifecycle.getStatus(op);
        // Only the answer failed: the key still stands for what was done.
        if (status === "CLOSED") return;
        if (!error.retryable) await idempotency.complete(key, owner, encodeFailure(error));
        else if (status === null) await idempotency.abandon(key, owner);
        // Whoever tries again goes on with what this attempt has made.
        else await idempotency.renew(key, owner, ENDED_MS);
      });
      throw error;
    }
    // Who left early, or could not see the end, comes back for it: the key still stands for the operation.
    const isFinal = outcome.final !== false && outcome.error?.retryable !== true;
    if (isFinal) await keepAnswer(carrel, () => idempotency.complete(key, owner, encodeOutcome(outcome)));
    return outcome;
  });
}

/**
 * What was done is done, and what failed is what the caller must hear of, even if neither can be kept: once this
 * process has ended, whoever asks again takes the key over and finds the operation.
 */
async function keepAnswer({ notify }: Carrel, keep: () => Promise<unknown>): Promise<void> {
  try {
    await keep();
  } catch (error) {
    if (!isAppError(error)) throw error;
    notify({
      kind: "warning",
      text: `the answer could not be kept under its idempotency key: ${error.message}`,
    });
  }
}

/** Whether the request has its answer already; throws the failure that stands in the place of one. */
async function hasAnswer(
  state: StorageBundle | null,
  key: string,
  fingerprint: string,
): Promise<boolean> {
  const known = await state?.idempotency.fingerprintOf(key) ?? null;
  if (known !== null && known !== fingerprint) throw mismatch(key);
  const stored = await state?.idempotency.get(key) ?? null;
  if (stored === null) return false;
  replay(stored);
  return true;
}

/** What a request that has its answer would do: nothing. */
function foreseeReplay<Data extends object>({ notify }: Carrel, key: string): Outcome<Data> {
  notify({ kind: "notice", text: `the answer of the ${nameKey(key)} would be given again` });
  const answer: DryRunAnswer = { dry_run: true, changed: false, plan: [] };
  // Sound because the dry run of every change may answer so.
  return { data: answer as object as Data, streamed: false };
}

async function isGone(stored: string, { host }: Carrel): Promise<boolean> {
  const owner = decodeLockOwner(stored);
  return owner?.kind === "process" && await judgeProcessOwner(owner, host) === "gone";
}

function nameKey(key: string): string {
  return `idempotency key ${key.replace(/^command /, "")}`;
}

function mismatch(key: string): AppError {
  return new AppError("idempotency_mismatch", `the ${nameKey(key)} was used with other arguments`, {
    hint: "take a new key for a new request",
    details: { key: key.replace(/^command /, "") },
  });
}

function inProgress(key: string, owner: string): AppError {
  return new AppError("lock_timeout", `another process is still at the request of the ${nameKey(key)}`, {
    hint: "ask again later, or give a longer --lock-timeout",
    details: { owner },
  });
}
