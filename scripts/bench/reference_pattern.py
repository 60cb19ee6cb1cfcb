"""The access pattern that carrel's stores are compared with: one SQLite connection for each call.

Each call makes sure that the directory is there, connects, works in an implicit transaction and lets the
connection go; the file keeps SQLite's defaults (rollback journal, synchronous FULL, no prepared statement
survives). The tables have the reference's names and columns. Only the standard library is used.

Usage: reference_pattern.py FILE. Each line of standard input, {"op": NAME, "calls": N}, makes calls with the
keys 0 to N - 1; the answer is a line with their time in seconds. Before each, a file that does not exist is
looked up by the name of the operation, so that a trace of system calls shows where it begins.
"""

import json
import os
import sqlite3
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

SCHEMA = """
create table agent_registry (agent_id TEXT primary key, contract JSON not null default '{}',
  priority INTEGER not null default 0, status TEXT not null default 'ACTIVE', agent_version TEXT,
  session_token TEXT, suspension_reason TEXT, registered_at TIMESTAMP not null default CURRENT_TIMESTAMP,
  updated_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table context_session (dfid TEXT primary key, data JSON not null default '{}',
  updated_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table context_state (agent_id TEXT primary key, data JSON not null default '{}',
  version INTEGER not null default 1, updated_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table idempotency_cache (key TEXT primary key, result JSON not null default '{}',
  created_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table saga_dirty_state (dfid TEXT primary key, failed_step TEXT not null default '',
  partial_state_json TEXT not null default '{}', created_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table resource_locks (dfid TEXT not null, resource_id TEXT not null, amount REAL not null default 0,
  acquired_at TIMESTAMP not null default CURRENT_TIMESTAMP, primary key (dfid, resource_id));
create table intent_retry (dfid TEXT primary key, rejection_count INTEGER not null default 0,
  updated_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table escalation_budget (id INTEGER primary key autoincrement, agent_id TEXT not null,
  created_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table escalation_requests (dfid TEXT primary key, agent_id TEXT not null, reason TEXT not null default '',
  context_json TEXT not null default '{}', proposal_json TEXT not null default '{}',
  impact TEXT not null default '', status TEXT not null default 'PENDING',
  created_at TIMESTAMP not null default CURRENT_TIMESTAMP, resolved_at TIMESTAMP, human_decision TEXT);
create table flow_transitions (id INTEGER primary key autoincrement, dfid TEXT not null, from_status TEXT,
  to_status TEXT not null, created_at TIMESTAMP not null default CURRENT_TIMESTAMP);
create table decision_audit_events (id INTEGER primary key autoincrement, dfid TEXT not null,
  event TEXT not null, timestamp TEXT not null, step_id TEXT not null default '', state TEXT not null default '',
  detail_json JSON not null default '{}');
create index idx_decision_audit_events_dfid on decision_audit_events (dfid);
"""

PATH = sys.argv[1]
JSON = '{"goal": "pay the invoice", "step": 3, "done": ["read", "check"]}'
VALUE = json.loads(JSON)


def connection(timeout=5.0):
    """A connection for one call: `with` commits, the end of its last use closes it."""
    Path(PATH).parent.mkdir(parents=True, exist_ok=True)
    opened = sqlite3.connect(PATH, timeout=timeout)
    opened.row_factory = sqlite3.Row
    return opened


def run(sql, *parameters):
    with connection() as opened:
        return opened.execute(sql, parameters).rowcount


def one(sql, *parameters):
    with connection() as opened:
        return opened.execute(sql, parameters).fetchone()


def every(sql, *parameters):
    with connection() as opened:
        return opened.execute(sql, parameters).fetchall()


def encode(value):
    return json.dumps(value, sort_keys=True, default=str)


def get_agent(key):
    row = one("select agent_id, contract, priority, status, agent_version, session_token"
              " from agent_registry where agent_id = ?", f"agent-{key}")
    return {**dict(row), "contract": json.loads(row["contract"])}


def record(key):
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    run("insert into decision_audit_events (dfid, event, timestamp, step_id, state, detail_json)"
        " values (?, ?, ?, ?, ?, ?)", f"flow-{key}", "STEP", stamp, "step", "ACTIVE", encode(VALUE))


def events(where, *parameters):
    rows = every("select dfid, event, timestamp, step_id, state, detail_json"
                 f" from decision_audit_events {where} order by id", *parameters)
    return [{**dict(row), "detail_json": json.loads(row["detail_json"])} for row in rows]


def get_dirty_state(key):
    row = one("select failed_step, partial_state_json from saga_dirty_state where dfid = ?", f"flow-{key}")
    return {"failed_step": row["failed_step"], "partial_state": json.loads(row["partial_state_json"])}


def acquire_batch(key):
    with connection(timeout=0.1) as opened:
        opened.execute("begin immediate")
        for resource in ("cpu", "memory"):
            opened.execute("insert or replace into resource_locks (dfid, resource_id, amount) values (?, ?, ?)",
                           (f"flow-{key}", resource, 1.0))


def get_pending_requests(_key):
    rows = every("select dfid, agent_id, reason, context_json, proposal_json, impact"
                 " from escalation_requests where status = 'PENDING'")
    return [{**dict(row), "context": json.loads(row["context_json"]),
             "proposal": json.loads(row["proposal_json"])} for row in rows]


def reset(_key):
    for table in ("decision_audit_events", "escalation_budget", "flow_transitions"):
        run(f"delete from {table}")


OPERATIONS = {
    "agentRegistry.upsertAgent": lambda key: run(
        "insert or replace into agent_registry (agent_id, contract, priority, status, agent_version,"
        " session_token) values (?, ?, ?, ?, ?, ?)", f"agent-{key}", JSON, 1, "ACTIVE", "1.0", "token"),
    "agentRegistry.updateStatus": lambda key: run(
        "update agent_registry set status = ?, suspension_reason = ?, updated_at = CURRENT_TIMESTAMP"
        " where agent_id = ?", "ACTIVE", "none", f"agent-{key}"),
    "agentRegistry.getAgent": get_agent,
    "agentRegistry.getStatus": lambda key: tuple(one(
        "select status, suspension_reason from agent_registry where agent_id = ?", f"agent-{key}")),
    "agentRegistry.listActiveAgents": lambda _key: [row["agent_id"] for row in every(
        "select agent_id from agent_registry where status = 'ACTIVE'")],
    "context.setSession": lambda key: run(
        "insert or replace into context_session (dfid, data) values (?, ?)", f"flow-{key}", JSON),
    "context.setState": lambda key: run(
        "insert or replace into context_state (agent_id, data) values (?, ?)", f"agent-{key}", JSON),
    "context.getSession": lambda key: one(
        "select data from context_session where dfid = ?", f"flow-{key}")["data"],
    "context.getState": lambda key: one(
        "select data from context_state where agent_id = ?", f"agent-{key}")["data"],
    "idempotency.set": lambda key: run(
        "insert or replace into idempotency_cache (key, result) values (?, ?)", f"key-{key}", encode(VALUE)),
    "idempotency.get": lambda key: json.loads(one(
        "select result from idempotency_cache where key = ?", f"key-{key}")["result"]),
    "decisionAudit.record": record,
    "decisionAudit.eventsForDfid": lambda key: events("where dfid = ?", f"flow-{key}"),
    "decisionAudit.allEventsChronological": lambda _key: events(""),
    "saga.markDirty": lambda key: run(
        "insert or replace into saga_dirty_state (dfid, failed_step, partial_state_json) values (?, ?, ?)",
        f"flow-{key}", "step", JSON),
    "saga.getDirtyFlows": lambda _key: [row["dfid"] for row in every("select dfid from saga_dirty_state")],
    "saga.getDirtyState": get_dirty_state,
    "saga.clearDirty": lambda key: run("delete from saga_dirty_state where dfid = ?", f"flow-{key}"),
    "resourceLock.acquireBatch": acquire_batch,
    "resourceLock.getLockedAmount": lambda key: float(one(
        "select coalesce(sum(amount), 0) as amount from resource_locks where resource_id = ? and dfid <> ?",
        "cpu", f"flow-{key}")["amount"]),
    "resourceLock.release": lambda key: run("delete from resource_locks where dfid = ?", f"flow-{key}"),
    "intentRetry.setCount": lambda key: run(
        "insert or replace into intent_retry (dfid, rejection_count) values (?, ?)", f"flow-{key}", 1),
    "intentRetry.getCount": lambda key: one(
        "select rejection_count from intent_retry where dfid = ?", f"flow-{key}")["rejection_count"],
    "intentRetry.delete": lambda key: run("delete from intent_retry where dfid = ?", f"flow-{key}"),
    "escalation.recordBudgetToken": lambda key: run(
        "insert into escalation_budget (agent_id) values (?)", f"agent-{key}"),
    "escalation.getWindowCount": lambda key: one(
        "select count(*) as count from escalation_budget where agent_id = ? and created_at >= ?",
        f"agent-{key}", "2026-01-01 00:00:00")["count"],
    "escalation.insertRequest": lambda key: run(
        "insert or replace into escalation_requests"
        " (dfid, agent_id, reason, context_json, proposal_json, impact) values (?, ?, ?, ?, ?, ?)",
        f"flow-{key}", f"agent-{key}", "unsure", JSON, JSON, "HIGH_IMPACT"),
    "escalation.getPendingRequests": get_pending_requests,
    "escalation.resolveRequest": lambda key: run(
        "update escalation_requests set status = 'RESOLVED', resolved_at = ?, human_decision = ? where dfid = ?",
        "2026-01-01T00:00:00+00:00", "OVERRIDE", f"flow-{key}"),
    "lifecycle.recordTransition": lambda key: run(
        "insert into flow_transitions (dfid, from_status, to_status) values (?, ?, ?)",
        f"flow-{key}", "CREATED", "ACTIVE"),
    "reset": reset,
}


def main():
    with connection() as opened:
        opened.executescript(SCHEMA)
    for line in sys.stdin:
        order = json.loads(line)
        operation = OPERATIONS[order["op"]]
        os.path.exists(f"/bench-mark/{order['op']}")
        begin = time.perf_counter()
        for key in range(order["calls"]):
            operation(key)
        print(json.dumps(time.perf_counter() - begin), flush=True)


main()
