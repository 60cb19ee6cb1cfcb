/**
 * The database that the nine stores of one file share.
 *
 * @module
 */
import type { Clock } from "../../port/host.ts";
import { StorageError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { retryBusy } from "./retry_busy.ts";
import { hasSchemaVersion, readSchemaVersion } from "./schema_version.ts";
import { fromSqliteError } from "./sqlite_failure.ts";
import type { Schema } from "./migrate.ts";

/** How long a call tries to get the write lock when it says nothing else. */
export const WRITE_TIMEOUT_MS = 10_000;

/** What a {@linkcode StateDatabase} is made of. */
export interface StateDatabaseParts {
  /** The open file, at the newest schema. */
  readonly connection: Connection;
  /** Where it is, absolute. */
  readonly path: string;
  /** Stamps rows, and times the waiting. */
  readonly clock: Clock;
  /** The schema that it has. */
  readonly schema: Schema;
}

/**
 * One long-lived connection. An action is a synchronous function, so that no two of them mix; what another
 * process holds is waited for between two tries, without blocking this one.
 *
 * Stores on the same database commit together: it is their `unit`.
 */
export class StateDatabase {
  /** Where the file is. */
  readonly path: string;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #schema: Schema;

  /** Use `openDatabase`. */
  constructor({ connection, path, clock, schema }: StateDatabaseParts) {
    this.#connection = connection;
    this.path = path;
    this.#clock = clock;
    this.#schema = schema;
  }

  /** Now, in microseconds since the epoch. */
  nowMicros(): number {
    return this.#clock.nowMicros();
  }

  /** Runs one read. */
  read<Result>(action: (connection: Connection) => Result): Promise<Result> {
    return this.#run(() => action(this.#connection), WRITE_TIMEOUT_MS);
  }

  /** Runs several reads that see the same moment. */
  snapshot<Result>(action: (connection: Connection) => Result): Promise<Result> {
    return this.#run(() => this.#connection.snapshot(() => action(this.#connection)), WRITE_TIMEOUT_MS);
  }

  /**
   * Runs the action in a transaction of its own, which has the write lock from its beginning.
   *
   * @param timeoutMs how long to try for the lock; 0 = exactly one try
   * @throws {StorageError} `lock_timeout` when another process held the lock for all that time, and what
   * `fromSqliteError` tells; whatever the action throws
   */
  write<Result>(action: (connection: Connection) => Result, timeoutMs = WRITE_TIMEOUT_MS): Promise<Result> {
    return this.#run(() =>
      this.#connection.transaction(() => {
        // A newer carrel may have migrated the file since it was opened.
        const known = this.#schema.migrations.length;
        if (!hasSchemaVersion(this.#connection, known)) {
          readSchemaVersion(this.#connection, this.path, { known, ours: this.#schema.tables });
        }
        return action(this.#connection);
      }), timeoutMs);
  }

  /** SQL of every statement used so far. */
  get preparedTexts(): readonly string[] {
    return this.#connection.preparedTexts;
  }

  /** Closes the file; harmless when repeated. */
  close(): Promise<void> {
    return this.#run(() => this.#connection.close(), 0);
  }

  async #run<Result>(attempt: () => Result, timeoutMs: number): Promise<Result> {
    try {
      return await retryBusy(attempt, timeoutMs, this.#clock);
    } catch (error) {
      if (!this.#connection.isOpen) {
        throw new StorageError(`the state store ${this.path} is closed`, { details: { reason: "closed" } });
      }
      throw fromSqliteError(error, this.path);
    }
  }
}
