/**
 * What the nine SQLite stores share.
 *
 * @module
 */
import type { Page, Store } from "../contracts/store.ts";
import { checkPage } from "../check_input.ts";
import type { StateDatabase } from "./state_database.ts";

/** A store in a database that it shares with others. */
export class SqliteStore implements Store {
  /** Stores on the same database commit together. */
  readonly unit: StateDatabase;

  /** A store on an open database; `openDatabase` opens one. */
  constructor(database: StateDatabase) {
    this.unit = database;
  }

  /** Does nothing: a database that is open has its tables. */
  async initSchema(): Promise<void> {}

  /** Closes the database, for all stores that share it. */
  close(): Promise<void> {
    return this.unit.close();
  }
}

/**
 * The end of a query for a page. The plus hides the limit from SQLite's planner, which would otherwise plan
 * for its value, and so prepare the statement anew at each call.
 */
export const PAGE = "seq > ? ORDER BY seq LIMIT +?";

/** Parameters of {@linkcode PAGE}. */
export function pageParameters(page: Page): [after: number, limit: number] {
  const { after, limit } = checkPage(page);
  return [after, limit];
}
