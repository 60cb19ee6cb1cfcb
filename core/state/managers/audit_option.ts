/**
 * Recording a change in the decision audit.
 *
 * @module
 */
import type { NewAuditEvent } from "../contracts/decision_audit.ts";
import type { AlongOption } from "../contracts/store.ts";

/** Option of the managers' changes. */
export interface AuditOption {
  /**
   * An event for the decision audit, written in the transaction of the change, and only if there is a
   * change. Refused (`invalid_value`) unless the audit is a store of the same unit.
   */
  readonly audit?: NewAuditEvent;
}

/** The same for a method of a store. */
export function withAudit({ audit }: AuditOption): AlongOption {
  return audit === undefined ? {} : { along: { audit } };
}
