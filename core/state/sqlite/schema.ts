/**
 * The tables of the state stores.
 *
 * Times are microseconds since the epoch, JSON is text as it was written, `seq` is the order of first
 * insertion and is never given away twice. Every query has its index: `tests/state/sqlite` asks SQLite. An index
 * leaves out rows that nobody looks up by it: each index is one more page that a transaction writes.
 *
 * @module
 */
import type { Schema } from "./migrate.ts";

const AGENTS = [
  `CREATE TABLE agents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL UNIQUE,
    contract TEXT NOT NULL,
    priority INTEGER NOT NULL,
    status TEXT NOT NULL,
    agent_version TEXT,
    session_token TEXT,
    suspension_reason TEXT,
    registered_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX agents_by_status ON agents (status)`,
];

const CONTEXT = [
  `CREATE TABLE sessions (
    dfid TEXT PRIMARY KEY NOT NULL,
    data TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX sessions_by_time ON sessions (updated_at)`,
  `CREATE TABLE states (
    agent_id TEXT PRIMARY KEY NOT NULL,
    data TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
];

/** `result` is null while the key is reserved; `settled_at` is when it was stored, or when the lease ends. */
const IDEMPOTENCY = [
  `CREATE TABLE results (
    key TEXT PRIMARY KEY NOT NULL,
    fingerprint TEXT,
    result TEXT,
    owner TEXT,
    settled_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX results_by_time ON results (settled_at)`,
];

/** One row in `audit_checkpoint`: the last event that retention has removed. */
const AUDIT = [
  `CREATE TABLE audit_events (
    seq INTEGER PRIMARY KEY,
    dfid TEXT NOT NULL,
    event TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    step_id TEXT NOT NULL,
    state TEXT NOT NULL,
    details_json TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX audit_events_by_flow ON audit_events (dfid)`,
  `CREATE TABLE audit_checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT`,
];

const SAGA = [
  `CREATE TABLE dirty_flows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL UNIQUE,
    failed_step TEXT NOT NULL,
    partial_state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_outcome TEXT,
    marked_at INTEGER NOT NULL,
    owner TEXT,
    expires_at INTEGER
  ) STRICT`,
];

/** A flow's hold, found by its token, and what it holds. */
const LOCKS = [
  `CREATE TABLE holds (
    token INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL UNIQUE,
    owner TEXT,
    acquired_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT`,
  `CREATE INDEX holds_by_end ON holds (expires_at) WHERE expires_at IS NOT NULL`,
  `CREATE TABLE held_resources (
    dfid TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (dfid, resource_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX held_resources_by_resource ON held_resources (resource_id, amount)`,
  `CREATE TABLE tickets (
    ticket INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL UNIQUE,
    owner TEXT,
    queued_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT`,
  `CREATE INDEX tickets_by_end ON tickets (expires_at) WHERE expires_at IS NOT NULL`,
  `CREATE TABLE ticket_resources (
    ticket INTEGER NOT NULL,
    resource_id TEXT NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (ticket, resource_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX ticket_resources_by_resource ON ticket_resources (resource_id, ticket)`,
];

const RETRIES = [
  `CREATE TABLE rejections (
    dfid TEXT PRIMARY KEY NOT NULL,
    count INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX rejections_by_time ON rejections (updated_at)`,
];

const ESCALATION = [
  `CREATE TABLE budget_tokens (
    id INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL,
    taken_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX budget_tokens_by_agent ON budget_tokens (agent_id, taken_at)`,
  `CREATE INDEX budget_tokens_by_time ON budget_tokens (taken_at)`,
  `CREATE TABLE escalations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL UNIQUE,
    agent_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    context TEXT NOT NULL,
    proposal TEXT NOT NULL,
    impact TEXT NOT NULL,
    request_id TEXT,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    resolved_at INTEGER,
    human_decision TEXT
  ) STRICT`,
  `CREATE INDEX escalations_pending ON escalations (seq) WHERE status = 'PENDING'`,
  `CREATE INDEX escalations_by_end ON escalations (resolved_at) WHERE resolved_at IS NOT NULL`,
  `CREATE TABLE escalation_decisions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    request_id TEXT,
    decision TEXT NOT NULL,
    proposal TEXT NOT NULL,
    resolved_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX escalation_decisions_by_flow ON escalation_decisions (dfid)`,
  `CREATE INDEX escalation_decisions_by_time ON escalation_decisions (resolved_at)`,
];

const LIFECYCLE = [
  `CREATE TABLE flows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX flows_by_status ON flows (status, changed_at)`,
  `CREATE TABLE transitions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    dfid TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX transitions_by_flow ON transitions (dfid)`,
];

const VERSION_1 = [
  ...AGENTS,
  ...CONTEXT,
  ...IDEMPOTENCY,
  ...AUDIT,
  ...SAGA,
  ...LOCKS,
  ...RETRIES,
  ...ESCALATION,
  ...LIFECYCLE,
];

/** What a key stands for, see `ReserveOptions.work`. */
const WORK = [`ALTER TABLE results ADD COLUMN work TEXT`];

/** Files of the reference that were read in, by the hash of their content: each is read in once. */
const IMPORTS = [
  `CREATE TABLE imports (
    content_hash TEXT PRIMARY KEY NOT NULL,
    generation TEXT NOT NULL,
    imported_at INTEGER NOT NULL
  ) STRICT`,
];

/** The schema of this program. */
export const SCHEMA: Schema = {
  migrations: [VERSION_1, WORK, IMPORTS],
  tables: [
    "agents",
    "sessions",
    "states",
    "results",
    "audit_events",
    "audit_checkpoint",
    "dirty_flows",
    "holds",
    "held_resources",
    "tickets",
    "ticket_resources",
    "rejections",
    "budget_tokens",
    "escalations",
    "escalation_decisions",
    "flows",
    "transitions",
    "imports",
  ],
};
