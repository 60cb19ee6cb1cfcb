/**
 * One mutating command: its id, its steps, and whether they are carried out or only named.
 *
 * @module
 */
import { AppError, isAppError } from "../error.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { TaskRef } from "../query/find_task.ts";

/** A side effect in the words of `--dry-run`. */
export interface PlanStep {
  readonly action: string;
  readonly target: string;
}

/** How a caller wants a mutation done. */
export interface MutationOptions {
  /** Make every check, change nothing, say what would be done. */
  readonly dryRun?: boolean;
  /**
   * The operation's id (UUIDv7), given by a caller that may not live to hear the answer and asks again: an
   * operation is carried out once, and gives the same result to whoever asks for it later.
   */
  readonly op?: string;
  /** The operation that this one is a part of. */
  readonly parent?: string;
}

/** The answer of a dry run. */
export interface DryRunAnswer {
  readonly dry_run: true;
  readonly changed: boolean;
  readonly plan: readonly PlanStep[];
}

/** The answer of a mutation that was carried out. */
export type DoneAnswer<Fields> = { readonly op: string; readonly changed: boolean } & Fields;

/** What every mutation answers. */
export type MutationAnswer<Fields> = DoneAnswer<Fields> | DryRunAnswer;

/** True for the answer of a dry run. */
export function isDryRun(answer: { readonly changed: boolean }): answer is DryRunAnswer {
  return "dry_run" in answer;
}

/** Where the intents of an operation are recorded before they are carried out. */
export interface IntentLog {
  /** Records that the step comes next, and facts for this intent and all later ones. */
  intend(step: PlanStep, facts: Facts): Promise<void>;
  /** Records which task the operation is about, for one that finds its task on the way. */
  concern(ref: TaskRef): Promise<void>;
  /** Adds facts that finishing or undoing will need, to the intent that stands and to all later ones. */
  note(facts: Facts): Promise<void>;
}

/** What finishing or undoing an operation needs to know. */
type Facts = Readonly<Record<string, JsonValue>>;

/** What an {@linkcode Operation} is made of. */
export interface OperationParts {
  /** UUIDv7. */
  readonly id: string;
  readonly dryRun?: boolean;
  /** Default: nothing is recorded. */
  readonly log?: IntentLog;
  /** It was carried out before, and changed something or nothing. */
  readonly earlier?: { readonly changed: boolean };
}

/** A running mutation. Every side effect goes through {@linkcode Operation.step}. */
export class Operation {
  /** UUIDv7. */
  readonly id: string;
  readonly dryRun: boolean;
  readonly #log: IntentLog | null;
  readonly #earlier: { readonly changed: boolean } | null;
  readonly #plan: PlanStep[] = [];
  readonly #held: AsyncDisposable[] = [];
  #isInVain = false;

  constructor({ id, dryRun = false, log, earlier }: OperationParts) {
    this.id = id;
    this.dryRun = dryRun;
    this.#log = log ?? null;
    this.#earlier = earlier ?? null;
  }

  /**
   * Carries out a side effect, once its intent is recorded, with `facts` that whoever finishes or undoes it will
   * need; in a dry run it is only named. What fails says which operation it was.
   */
  async step(
    action: string,
    target: string,
    effect: () => Promise<unknown>,
    facts: Facts = {},
  ): Promise<void> {
    const step = { action, target };
    this.#plan.push(step);
    if (this.dryRun) return;
    try {
      await this.#log?.intend(step, facts);
      await effect();
    } catch (error) {
      throw isAppError(error) ? error.addDetails({ op: this.id }) : error;
    }
  }

  /**
   * A step after which there is no way back: it is carried out even if its intent cannot be recorded, for the
   * intent before it is enough to finish the operation.
   */
  async lastStep(action: string, target: string, effect: () => Promise<unknown>): Promise<void> {
    const step = { action, target };
    this.#plan.push(step);
    if (this.dryRun) return;
    try {
      await this.#log?.intend(step, {});
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
    await effect();
  }

  /** Records which task the operation is about, before anything of that task is made. */
  async concern(ref: TaskRef): Promise<void> {
    await this.#log?.concern(ref);
  }

  /** Records facts that whoever finishes or undoes the operation will need. */
  async note(facts: Facts): Promise<void> {
    await this.#log?.note(facts);
  }

  /**
   * Holds a lock until the end of the operation is recorded: whoever had it before that would take the operation
   * for one that a dead process has left.
   */
  hold(lock: AsyncDisposable): void {
    this.#held.push(lock);
  }

  /** Lets go of everything that is held. */
  async letGo(): Promise<void> {
    for (let lock = this.#held.pop(); lock !== undefined; lock = this.#held.pop()) {
      await lock[Symbol.asyncDispose]();
    }
  }

  /** Whether anything was (or would be) done. */
  get changed(): boolean {
    return this.#earlier?.changed ?? (!this.#isInVain && this.#plan.length > 0);
  }

  /** Whether it was carried out before, by an earlier call. */
  get isRepeated(): boolean {
    return this.#earlier !== null;
  }

  /** The steps have turned out to change nothing. */
  wasInVain(): void {
    this.#isInVain = true;
  }

  /** The answer: `fields` are computed after the effects, and not at all in a dry run. */
  async answer<Fields>(fields: () => Fields | Promise<Fields>): Promise<MutationAnswer<Fields>> {
    if (this.dryRun) return { dry_run: true, changed: this.changed, plan: this.#plan };
    return { op: this.id, changed: this.changed, ...await fields() };
  }
}

/** The error of an operation that its caller wants to have a result but that has none. */
export function withoutResult(op: string): AppError {
  return new AppError("storage_failed", `operation ${op} has ended, but its result is not recorded`, {
    hint: `\`carrel op show ${op}\` tells what is known of it`,
    details: { op },
  });
}
