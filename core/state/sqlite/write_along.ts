/**
 * Writing into the neighbours of a store, in its transaction.
 *
 * @module
 */
import { checkText } from "../check_input.ts";
import type { Along } from "../contracts/store.ts";
import { appendAuditEvent } from "./append_audit_event.ts";
import type { Connection } from "./connection.ts";
import { clearFlow, markFlow } from "./dirty_flows.ts";
import { DELETE_REJECTIONS } from "./sqlite_intent_retry_storage.ts";

/** Writes what goes along with a change. */
export function writeAlong(connection: Connection, along: Along | undefined, nowMicros: number): void {
  if (along?.audit !== undefined) appendAuditEvent(connection, along.audit, nowMicros);
  if (along?.resetRetries !== undefined) {
    checkText(along.resetRetries, "resetRetries");
    connection.run(DELETE_REJECTIONS, along.resetRetries);
  }
  if (along?.dirty !== undefined) markFlow(connection, along.dirty, nowMicros);
  if (along?.clean !== undefined) clearFlow(connection, along.clean);
}
