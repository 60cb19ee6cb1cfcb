/**
 * Rows for every generation, sound ones and others.
 *
 * @module
 */

/** Of columns that every generation has. */
export const NOISE: readonly string[] = [
  `INSERT INTO agent_registry (agent_id, status) VALUES ('zoe', 'ACTIVE'), (NULL, 'ACTIVE'), ('ann', 'odd')`,
  `INSERT INTO saga_dirty_state (dfid, partial_state_json) VALUES ('f', '{"a": NaN}'), ('g', '{'), ('h', '')`,
  `INSERT INTO resource_locks (resource_id, dfid, amount) VALUES ('eur', 'f', 'many'), ('usd', 'f', 2)`,
  `INSERT INTO intent_retry (dfid, rejection_count) VALUES ('f', 1), ('g', 1.5)`,
  `INSERT INTO escalation_budget (agent_id, created_at) VALUES ('zoe', '2025-01-01 00:00:00'), ('zoe', 'never')`,
  `INSERT INTO escalation_requests (dfid, agent_id, status) VALUES ('f', 'zoe', 'PENDING'), ('g', 'zoe', 'odd')`,
  `INSERT INTO flow_transitions (dfid, to_status, created_at) VALUES ('f', 'CREATED', '2025-01-01 00:00:00'),
    ('g', 'CLOSED', '2025-01-01T00:00:00Z')`,
  `CREATE TABLE notes (text)`,
  `INSERT INTO notes VALUES ('mine')`,
];
