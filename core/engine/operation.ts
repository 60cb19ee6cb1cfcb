/**
 * One mutating command: its id, its steps, and whether they are carried out or only named.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { newUuidV7 } from "../identity/uuid.ts";

/** A side effect in the words of `--dry-run`. */
export interface PlanStep {
  readonly action: string;
  readonly target: string;
}

/** How a caller wants a mutation done. */
export interface MutationOptions {
  /** Make every check, change nothing, say what would be done. */
  readonly dryRun?: boolean;
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

/** A running mutation. Every side effect goes through {@linkcode Operation.step}. */
export class Operation {
  /** UUIDv7. */
  readonly id: string;
  readonly dryRun: boolean;
  readonly #plan: PlanStep[] = [];

  constructor(carrel: Pick<Carrel, "host">, options: MutationOptions = {}) {
    this.id = newUuidV7(carrel.host);
    this.dryRun = options.dryRun ?? false;
  }

  /** Carries out a side effect; in a dry run it is only named. What fails says which operation it was. */
  async step(action: string, target: string, effect: () => Promise<unknown>): Promise<void> {
    this.#plan.push({ action, target });
    if (this.dryRun) return;
    try {
      await effect();
    } catch (error) {
      throw isAppError(error) ? error.addDetails({ op: this.id }) : error;
    }
  }

  /** Whether anything was (or would be) done. */
  get changed(): boolean {
    return this.#plan.length > 0;
  }

  /** The answer: `fields` are computed after the effects, and not at all in a dry run. */
  async answer<Fields>(fields: () => Fields | Promise<Fields>): Promise<MutationAnswer<Fields>> {
    if (this.dryRun) return { dry_run: true, changed: this.changed, plan: this.#plan };
    return { op: this.id, changed: this.changed, ...await fields() };
  }
}
