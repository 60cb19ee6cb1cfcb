/**
 * What the constructors of the managers have in common: arguments, the store, the clock.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import type { Clock } from "../../port/host.ts";
import type { StateWorldOptions } from "../state_world.ts";
import type { StorageBundle, StorageSlots } from "../storage_bundle.ts";

/** Options of every manager. */
export interface ManagerOptions<Slot extends keyof StorageSlots> extends StateWorldOptions {
  /** The store to work on; it wins over `dbPath`. The caller closes it. */
  readonly storage?: StorageSlots[Slot];
  /** A SQLite file to work on, opened at the first use and closed by `close()`. */
  readonly dbPath?: string | null;
}

/**
 * Arguments by position, in the reference's order, then the options: `new X("a.db", 3)`,
 * `new X(null, 3, { storage })`. Each may be given by name instead: `new X({ storage, maxRetries: 3 })`.
 */
export type ArgumentList<Positions extends readonly unknown[], Options> =
  | [options: Options]
  | [...Positions, options?: Options];

/** Brings arguments of either kind to names; what is given by position wins. */
export function byName<Options extends object>(
  args: readonly unknown[],
  names: readonly (keyof Options)[],
): Partial<Options> {
  const named: Partial<Options> = {};
  const positions = [...args];
  const last = positions.at(-1);
  if (isOptions<Options>(last)) {
    positions.pop();
    Object.assign(named, last);
  }
  for (const [at, value] of positions.entries()) {
    const name = names[at];
    if (name !== undefined && value !== undefined && value !== null) Object.assign(named, { [name]: value });
  }
  return named;
}

/** Options are a plain object; arguments that are objects too are instances of a class. */
function isOptions<Options extends object>(value: unknown): value is Partial<Options> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What a manager needs of its store. */
export interface StoreNeeds<Slot extends keyof StorageSlots> {
  /** The manager, for messages. */
  readonly manager: string;
  /** Which store. */
  readonly slot: Slot;
  /** The methods that it calls. */
  readonly methods: readonly (keyof StorageSlots[Slot] & string)[];
}

/** The store of one manager: given, or a file that is opened at the first use. */
export class ManagedStore<Slot extends keyof StorageSlots> {
  readonly #needs: StoreNeeds<Slot>;
  readonly #given: StorageSlots[Slot] | undefined;
  readonly #dbPath: string;
  readonly #clock: Clock | undefined;
  #opened: Promise<StorageBundle> | null = null;

  /**
   * @throws {AppError} `invalid_value` when neither a store nor a path is given, or when the store lacks a
   * method: a manager never falls back to calls that race.
   */
  constructor(needs: StoreNeeds<Slot>, { storage, dbPath, clock }: Partial<ManagerOptions<Slot>>) {
    this.#needs = needs;
    this.#given = storage;
    this.#dbPath = dbPath ?? "";
    this.#clock = clock;
    if (storage === undefined && (dbPath ?? null) === null) {
      throw new AppError("invalid_value", `Provide either storage or dbPath to ${needs.manager}`);
    }
    if (storage !== undefined) requireMethods(needs, storage);
  }

  /** The store. */
  async get(): Promise<StorageSlots[Slot]> {
    if (this.#given !== undefined) return this.#given;
    this.#opened ??= openFile(this.#dbPath, this.#clock);
    return (await this.#opened)[this.#needs.slot];
  }

  /** Closes the file, if one was opened here; a later call opens it again. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await (await opened)?.close();
  }
}

/** Throws `invalid_value` unless the store has the methods; custom ones may be older than their manager. */
export function requireMethods<Slot extends keyof StorageSlots>(
  { manager, methods }: StoreNeeds<Slot>,
  storage: StorageSlots[Slot],
): void {
  const missing = methods.filter((name) => typeof storage[name] !== "function");
  if (missing.length === 0) return;
  throw new AppError("invalid_value", `the storage given to ${manager} lacks ${missing.join(", ")}`, {
    hint: "docs/state.md lists the methods of each contract",
    details: { manager, missing },
  });
}

async function openFile(dbPath: string, clock: Clock | undefined): Promise<StorageBundle> {
  // Loaded here because most managers work on a store that they are given.
  const { sqliteStorage } = await import("../sqlite/sqlite_storage.ts");
  return await sqliteStorage(dbPath, clock === undefined ? {} : { clock });
}
