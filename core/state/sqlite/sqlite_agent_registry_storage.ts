/**
 * The registry of agents in SQLite.
 *
 * @module
 */
import { checkInteger, checkJson, checkText, checkTextOrNull } from "../check_input.ts";
import type {
  AgentListing,
  AgentRegistryStorage,
  AgentRow,
  AgentStatus,
  NewAgent,
  StatusChange,
} from "../contracts/agent_registry.ts";
import type { AlongOption, Page } from "../contracts/store.ts";
import { parseStoredJson } from "../json_value.ts";
import { formatStamp } from "../stamp.ts";
import type { Connection } from "./connection.ts";
import { PAGE, pageParameters, SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const UPSERT = `INSERT INTO agents
    (agent_id, contract, priority, status, agent_version, session_token, registered_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
  ON CONFLICT (agent_id) DO UPDATE SET contract = ?2, priority = ?3, status = ?4, agent_version = ?5,
    session_token = ?6, updated_at = ?7`;
const GET = `SELECT agent_id, contract, priority, status, agent_version, session_token
  FROM agents WHERE agent_id = ?`;
const GET_STATUS = `SELECT status, suspension_reason FROM agents WHERE agent_id = ?`;
const SET_STATUS = `UPDATE agents SET status = ?, suspension_reason = ?, updated_at = ? WHERE agent_id = ?`;
const LIST_ACTIVE = `SELECT agent_id FROM agents WHERE status = 'ACTIVE' ORDER BY seq`;
const LIST = `SELECT seq, agent_id, contract, priority, status, agent_version, session_token,
    suspension_reason, registered_at, updated_at
  FROM agents WHERE ${PAGE}`;

interface StoredAgent extends Record<string, string | number | null> {
  agent_id: string;
  contract: string;
  priority: number;
  status: string;
  agent_version: string | null;
  session_token: string | null;
}

interface StoredListing extends StoredAgent {
  seq: number;
  suspension_reason: string | null;
  registered_at: number;
  updated_at: number;
}

/** {@linkcode AgentRegistryStorage} in SQLite. */
export class SqliteAgentRegistryStorage extends SqliteStore implements AgentRegistryStorage {
  /** Writes an agent whole. */
  async upsertAgent(
    agentId: string,
    contractJson: string,
    priority: number,
    status: string,
    agentVersion: string | null,
    sessionToken: string | null,
  ): Promise<void> {
    const agent = { agentId, contractJson, priority, agentVersion, sessionToken };
    checkAgent(agent);
    checkText(status, "status");
    await this.unit.write((connection) => upsert(connection, agent, status, this.unit.nowMicros()));
  }

  /** The agent, or null. */
  getAgent(agentId: string): Promise<AgentRow | null> {
    return this.unit.read((connection) => {
      const row = connection.get<StoredAgent>(GET, agentId);
      return row === undefined ? null : toAgentRow(row);
    });
  }

  /** Sets status and reason; false for an unknown agent. */
  async updateStatus(agentId: string, status: string, suspensionReason: string | null): Promise<boolean> {
    checkText(status, "status");
    checkTextOrNull(suspensionReason, "suspensionReason");
    const changed = await this.unit.write((connection) =>
      connection.run(SET_STATUS, status, suspensionReason, this.unit.nowMicros(), agentId)
    );
    return changed > 0;
  }

  /** The status, or null for an unknown agent. */
  getStatus(agentId: string): Promise<AgentStatus | null> {
    return this.unit.read((connection) => readStatus(connection, agentId));
  }

  /** Names of the agents whose status is exactly `ACTIVE`. */
  listActiveAgents(): Promise<string[]> {
    return this.unit.read((connection) =>
      connection.all<{ agent_id: string }>(LIST_ACTIVE).map((row) => row.agent_id)
    );
  }

  /** Writes the agent as `ACTIVE` unless it is there with another status; the status found. */
  async registerUnlessBarred(agent: NewAgent, options: AlongOption = {}): Promise<AgentStatus | null> {
    checkAgent(agent);
    return await this.unit.write((connection) => {
      const found = readStatus(connection, agent.agentId);
      if (found === null || found.status === "ACTIVE") {
        const now = this.unit.nowMicros();
        upsert(connection, agent, "ACTIVE", now);
        writeAlong(connection, options.along, now);
      }
      return found;
    });
  }

  /** Sets status and reason if the current status is one of `from`. */
  async changeStatus(
    agentId: string,
    from: readonly string[],
    to: string,
    suspensionReason: string | null,
    options: AlongOption = {},
  ): Promise<StatusChange> {
    checkText(to, "to");
    checkTextOrNull(suspensionReason, "suspensionReason");
    return await this.unit.write((connection) => {
      const found = readStatus(connection, agentId);
      if (found === null || !from.includes(found.status)) {
        return { changed: false, status: found?.status ?? null };
      }
      const now = this.unit.nowMicros();
      connection.run(SET_STATUS, to, suspensionReason, now, agentId);
      writeAlong(connection, options.along, now);
      return { changed: true, status: to };
    });
  }

  /** Every agent. */
  async listAgents(page: Page = {}): Promise<AgentListing[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) =>
      connection.all<StoredListing>(LIST, ...parameters).map((row) => ({
        ...toAgentRow(row),
        seq: row.seq,
        suspension_reason: row.suspension_reason,
        registered_at: formatStamp(row.registered_at),
        updated_at: formatStamp(row.updated_at),
      }))
    );
  }
}

function checkAgent(agent: NewAgent): void {
  checkText(agent.agentId, "agentId");
  checkJson(agent.contractJson, "contractJson");
  checkInteger(agent.priority, "priority");
  checkTextOrNull(agent.agentVersion, "agentVersion");
  checkTextOrNull(agent.sessionToken, "sessionToken");
}

function upsert(connection: Connection, agent: NewAgent, status: string, nowMicros: number): void {
  const { agentId, contractJson, priority, agentVersion, sessionToken } = agent;
  connection.run(UPSERT, agentId, contractJson, priority, status, agentVersion, sessionToken, nowMicros);
}

function readStatus(connection: Connection, agentId: string): AgentStatus | null {
  const row = connection.get<{ status: string; suspension_reason: string | null }>(GET_STATUS, agentId);
  return row === undefined ? null : { status: row.status, suspension_reason: row.suspension_reason };
}

function toAgentRow(row: StoredAgent): AgentRow {
  const { agent_id, contract, priority, status, agent_version, session_token } = row;
  return { agent_id, contract: parseStoredJson(contract), priority, status, agent_version, session_token };
}
