/**
 * The tables of the reference, written by hand, one list of statements for each generation.
 *
 * @module
 */

const NOW = "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP";

/** The tables that G0b and G1 have in common. */
export const G0B = [
  `CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY, contract JSON NOT NULL DEFAULT '{}',
    priority INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'ACTIVE', agent_version TEXT,
    session_token TEXT, suspension_reason TEXT, registered_at ${NOW}, updated_at ${NOW})`,
  `CREATE TABLE context_session (dfid TEXT PRIMARY KEY, data JSON NOT NULL DEFAULT '{}', updated_at ${NOW})`,
  `CREATE TABLE context_state (agent_id TEXT PRIMARY KEY, data JSON NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1, updated_at ${NOW})`,
  `CREATE TABLE idempotency_cache (key TEXT PRIMARY KEY, result JSON NOT NULL DEFAULT '{}', created_at ${NOW})`,
  `CREATE TABLE saga_dirty_state (dfid TEXT PRIMARY KEY, failed_step TEXT NOT NULL DEFAULT '',
    partial_state_json TEXT NOT NULL DEFAULT '{}', created_at ${NOW})`,
  `CREATE TABLE resource_locks (dfid TEXT NOT NULL, resource_id TEXT NOT NULL, amount REAL NOT NULL DEFAULT 0,
    acquired_at ${NOW}, PRIMARY KEY (dfid, resource_id))`,
  `CREATE TABLE intent_retry (dfid TEXT PRIMARY KEY, rejection_count INTEGER NOT NULL DEFAULT 0,
    updated_at ${NOW})`,
  `CREATE TABLE escalation_budget (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL,
    created_at ${NOW})`,
  `CREATE TABLE escalation_requests (dfid TEXT PRIMARY KEY, agent_id TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '', context_json TEXT NOT NULL DEFAULT '{}',
    proposal_json TEXT NOT NULL DEFAULT '{}', impact TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'PENDING', created_at ${NOW}, resolved_at TIMESTAMP, human_decision TEXT)`,
  `CREATE TABLE flow_transitions (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL, from_status TEXT,
    to_status TEXT NOT NULL, created_at ${NOW})`,
];

/** The generation whose contracts ours follow. */
export const G1 = [
  ...G0B,
  `CREATE TABLE decision_audit_events (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL,
    event TEXT NOT NULL, timestamp TEXT NOT NULL, step_id TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '', detail_json JSON NOT NULL DEFAULT '{}')`,
  `CREATE INDEX idx_decision_audit_events_dfid ON decision_audit_events (dfid)`,
];

/** Nullable columns without defaults. */
export const G0 = [
  `CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY, contract JSON, priority INTEGER, status TEXT,
    agent_version TEXT, session_token TEXT, suspension_reason TEXT, registered_at TIMESTAMP,
    updated_at TIMESTAMP)`,
  `CREATE TABLE context_session (dfid TEXT PRIMARY KEY, data JSON, updated_at TIMESTAMP)`,
  `CREATE TABLE context_state (agent_id TEXT PRIMARY KEY, data JSON, version INTEGER, updated_at TIMESTAMP)`,
  `CREATE TABLE idempotency_cache (key TEXT PRIMARY KEY, result JSON, created_at TIMESTAMP)`,
  `CREATE TABLE saga_dirty_state (dfid TEXT PRIMARY KEY, failed_step TEXT, partial_state_json TEXT,
    created_at TIMESTAMP)`,
  `CREATE TABLE resource_locks (dfid TEXT, resource_id TEXT, amount REAL, acquired_at TIMESTAMP,
    PRIMARY KEY (dfid, resource_id))`,
  `CREATE TABLE intent_retry (dfid TEXT PRIMARY KEY, rejection_count INTEGER, updated_at TIMESTAMP)`,
  `CREATE TABLE escalation_budget (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT, created_at TIMESTAMP)`,
  `CREATE TABLE escalation_requests (dfid TEXT PRIMARY KEY, agent_id TEXT, reason TEXT, context_json TEXT,
    proposal_json TEXT, impact TEXT, status TEXT, created_at TIMESTAMP, resolved_at TIMESTAMP,
    human_decision TEXT)`,
  `CREATE TABLE flow_transitions (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT, from_status TEXT,
    to_status TEXT, created_at TIMESTAMP)`,
];

/** The first one: agents have a manifest, and nothing of what came later. */
export const P = [
  `CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY, manifest JSON, priority INTEGER, status TEXT,
    updated_at TIMESTAMP)`,
  ...G0.slice(1),
];

/** The later one: other tables, other names, more columns. */
export const G2 = [
  `CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY, contract JSON NOT NULL DEFAULT '{}',
    priority INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'ACTIVE', agent_version TEXT,
    session_token TEXT, suspension_reason TEXT, registered_at ${NOW}, updated_at ${NOW},
    CHECK (json_valid(contract)))`,
  `CREATE TABLE decision_flows (dfid TEXT PRIMARY KEY, root_dfid TEXT,
    dfid_parent TEXT REFERENCES decision_flows (dfid), agent_id TEXT REFERENCES agent_registry (agent_id),
    flow_type TEXT NOT NULL DEFAULT 'DEFAULT', flow_version TEXT NOT NULL DEFAULT '1.0',
    status TEXT NOT NULL DEFAULT 'CREATED' CHECK (status IN ('CREATED', 'RUNNING', 'WAITING_ESCALATION',
      'COMPLETED', 'FAILED', 'CANCELLED', 'COMPENSATING', 'COMPENSATED')), created_at ${NOW})`,
  `CREATE TABLE flow_context (dfid TEXT PRIMARY KEY, data JSON NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1, updated_at ${NOW})`,
  `CREATE TABLE agent_state (agent_id TEXT PRIMARY KEY, data JSON NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1, updated_at ${NOW})`,
  `CREATE TABLE idempotency_cache (idempotency_key TEXT PRIMARY KEY, request_hash TEXT,
    result JSON NOT NULL DEFAULT '{}', created_at ${NOW}, expires_at TIMESTAMP)`,
  `CREATE TABLE saga_dirty_state (dfid TEXT PRIMARY KEY, failed_step TEXT NOT NULL DEFAULT '',
    partial_state_json TEXT NOT NULL DEFAULT '{}', created_at ${NOW})`,
  `CREATE TABLE resource_locks (resource_id TEXT PRIMARY KEY, dfid TEXT NOT NULL,
    amount REAL NOT NULL DEFAULT 0, acquired_at ${NOW}, expires_at TIMESTAMP)`,
  `CREATE TABLE intent_retry (dfid TEXT PRIMARY KEY, rejection_count INTEGER NOT NULL DEFAULT 0,
    max_retries INTEGER, retry_policy TEXT, next_retry_at TIMESTAMP, backoff_until TIMESTAMP,
    updated_at ${NOW})`,
  `CREATE TABLE escalation_budget (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL,
    created_at ${NOW})`,
  `CREATE TABLE escalation_requests (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL,
    agent_id TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', context_json TEXT NOT NULL DEFAULT '{}',
    proposal_json TEXT NOT NULL DEFAULT '{}', impact TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'PENDING', created_at ${NOW}, resolved_at TIMESTAMP, human_decision TEXT)`,
  `CREATE TABLE flow_transitions (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL, from_status TEXT,
    to_status TEXT NOT NULL, created_at ${NOW}, root_dfid TEXT, correlation_id TEXT, causation_id TEXT)`,
  `CREATE TABLE decision_audit_events (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL,
    root_dfid TEXT, event_type TEXT NOT NULL, severity TEXT NOT NULL DEFAULT 'INFO',
    step_id TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '',
    detail_json JSON NOT NULL DEFAULT '{}', created_at ${NOW})`,
  `CREATE TABLE decision_feedback_trajectory (id INTEGER PRIMARY KEY, dfid TEXT)`,
  `CREATE TABLE decision_ledger_entries (id INTEGER PRIMARY KEY, dfid TEXT UNIQUE, pci JSON)`,
];
