/**
 * Sessions and states in SQLite.
 *
 * @module
 */
import { checkInteger, checkJson, checkText } from "../check_input.ts";
import type { ContextSnapshot, ContextStorage, VersionedState } from "../contracts/context.ts";
import type { AlongOption } from "../contracts/store.ts";
import { mergeJson } from "../merge_json.ts";
import type { Connection } from "./connection.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const GET_SESSION = `SELECT data FROM sessions WHERE dfid = ?`;
const SET_SESSION = `INSERT INTO sessions (dfid, data, updated_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid) DO UPDATE SET data = ?2, updated_at = ?3`;
const PRUNE_SESSIONS = `DELETE FROM sessions WHERE updated_at < ?`;
const GET_STATE = `SELECT data, version FROM states WHERE agent_id = ?`;
const SET_STATE = `INSERT INTO states (agent_id, data, version, updated_at) VALUES (?1, ?2, 1, ?3)
  ON CONFLICT (agent_id) DO UPDATE SET data = ?2, version = version + 1, updated_at = ?3
  RETURNING version`;

/** {@linkcode ContextStorage} in SQLite. */
export class SqliteContextStorage extends SqliteStore implements ContextStorage {
  /** The text, or null. */
  getSession(dfid: string): Promise<string | null> {
    return this.unit.read((connection) => readSession(connection, dfid));
  }

  /** Overwrites the session. */
  async setSession(dfid: string, dataJson: string, options: AlongOption = {}): Promise<void> {
    checkText(dfid, "dfid");
    checkJson(dataJson, "dataJson");
    await this.unit.write((connection) => this.#writeSession(connection, dfid, dataJson, options));
  }

  /** The text, or null. */
  async getState(agentId: string): Promise<string | null> {
    return (await this.getStateVersioned(agentId))?.data ?? null;
  }

  /** Overwrites the state and increments its version. */
  async setState(agentId: string, dataJson: string, options: AlongOption = {}): Promise<void> {
    checkText(agentId, "agentId");
    checkJson(dataJson, "dataJson");
    await this.unit.write((connection) => this.#writeState(connection, agentId, dataJson, options));
  }

  /** Puts the members of the patch over those of the session; the new text. */
  async mergeSession(dfid: string, patchJson: string, options: AlongOption = {}): Promise<string> {
    checkText(dfid, "dfid");
    return await this.unit.write((connection) => {
      const merged = mergeJson(readSession(connection, dfid), patchJson);
      this.#writeSession(connection, dfid, merged, options);
      return merged;
    });
  }

  /** The same for the state. */
  async mergeState(
    agentId: string,
    patchJson: string,
    options: AlongOption = {},
  ): Promise<VersionedState> {
    checkText(agentId, "agentId");
    return await this.unit.write((connection) => {
      const data = mergeJson(readState(connection, agentId)?.data ?? null, patchJson);
      return { data, version: this.#writeState(connection, agentId, data, options) };
    });
  }

  /** The state with its version, or null. */
  getStateVersioned(agentId: string): Promise<VersionedState | null> {
    return this.unit.read((connection) => readState(connection, agentId));
  }

  /** Overwrites the state if its version is `expected`; the new version, or null. */
  async compareAndSetState(
    agentId: string,
    expected: number,
    dataJson: string,
    options: AlongOption = {},
  ): Promise<number | null> {
    checkText(agentId, "agentId");
    checkInteger(expected, "expected");
    checkJson(dataJson, "dataJson");
    return await this.unit.write((connection) => {
      const version = readState(connection, agentId)?.version ?? 0;
      return version === expected ? this.#writeState(connection, agentId, dataJson, options) : null;
    });
  }

  /** Session and state as of one instant. */
  readContext(agentId: string, dfid: string): Promise<ContextSnapshot> {
    return this.unit.snapshot((connection) => ({
      session: readSession(connection, dfid),
      state: readState(connection, agentId)?.data ?? null,
    }));
  }

  /** Removes sessions last written before that time; returns how many. */
  prune(beforeMicros: number): Promise<number> {
    return this.unit.write((connection) => connection.run(PRUNE_SESSIONS, beforeMicros));
  }

  #writeSession(connection: Connection, dfid: string, data: string, { along }: AlongOption): void {
    const now = this.unit.nowMicros();
    connection.run(SET_SESSION, dfid, data, now);
    writeAlong(connection, along, now);
  }

  #writeState(connection: Connection, agentId: string, data: string, { along }: AlongOption): number {
    const now = this.unit.nowMicros();
    writeAlong(connection, along, now);
    return connection.get<{ version: number }>(SET_STATE, agentId, data, now)?.version ?? 0;
  }
}

function readSession(connection: Connection, dfid: string): string | null {
  return connection.get<{ data: string }>(GET_SESSION, dfid)?.data ?? null;
}

function readState(connection: Connection, agentId: string): VersionedState | null {
  const row = connection.get<{ data: string; version: number }>(GET_STATE, agentId);
  return row === undefined ? null : { data: row.data, version: row.version };
}
