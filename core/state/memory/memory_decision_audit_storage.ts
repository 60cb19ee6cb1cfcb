/**
 * The decision audit, in memory.
 *
 * @module
 */
import { auditHash, EMPTY_HEAD } from "../audit_chain.ts";
import { checkText } from "../check_input.ts";
import type {
  AuditEvent,
  AuditHead,
  AuditLink,
  AuditOptions,
  DecisionAuditStorage,
  NewAuditEvent,
} from "../contracts/decision_audit.ts";
import type { Page } from "../contracts/store.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import { parseStoredJson } from "../json_value.ts";
import { formatStamp } from "../stamp.ts";
import { atomically, type Commit, type MemoryOptions, MemoryUnit, takePage } from "./memory_unit.ts";

/** Events in an array. */
export class MemoryDecisionAuditStorage implements DecisionAuditStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  #links: AuditLink[] = [];
  #checkpoint = EMPTY_HEAD;

  /** An audit without events. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
    unit.joinAudit((event) => this.#prepare(event));
  }

  /** Nothing to prepare. */
  initSchema(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode DecisionAuditStorage.record}. */
  record(dfid: string, event: string, options: AuditOptions = {}): Promise<AuditHead> {
    return atomically(() => {
      this.#prepare({ ...options, dfid, event })();
      return this.#head();
    });
  }

  /** See {@linkcode DecisionAuditStorage.eventsForDfid}. */
  eventsForDfid(dfid: string, page?: Page): Promise<AuditEvent[]> {
    return atomically(() => takePage(this.#links.filter((link) => link.dfid === dfid), page).map(auditEvent));
  }

  /** See {@linkcode DecisionAuditStorage.allEventsChronological}. */
  allEventsChronological(page?: Page): Promise<AuditEvent[]> {
    return atomically(() => takePage(this.#links, page).map(auditEvent));
  }

  /** See {@linkcode DecisionAuditStorage.head}. */
  head(): Promise<AuditHead> {
    return atomically(() => this.#head());
  }

  /** See {@linkcode DecisionAuditStorage.checkpoint}. */
  checkpoint(): Promise<AuditHead> {
    return atomically(() => ({ ...this.#checkpoint }));
  }

  /** See {@linkcode DecisionAuditStorage.chain}. */
  chain(page?: Page): Promise<AuditLink[]> {
    return atomically(() => takePage(this.#links, page).map((link) => ({ ...link })));
  }

  /** See {@linkcode DecisionAuditStorage.prune}. */
  prune(beforeMicros: number): Promise<number> {
    return atomically(() => {
      const before = formatStamp(beforeMicros);
      const kept = this.#links.findIndex(({ timestamp }) => timestamp >= before);
      const removed = this.#links.splice(0, kept < 0 ? this.#links.length : kept);
      const last = removed.at(-1);
      if (last !== undefined) this.#checkpoint = { seq: last.seq, hash: last.hash };
      return removed.length;
    });
  }

  #prepare({ dfid, event, stepId = "", state = "", details }: NewAuditEvent): Commit {
    checkText(dfid, "dfid");
    checkText(event, "event");
    checkText(stepId, "step_id");
    checkText(state, "state");
    const details_json = dumpsJsonDict(details ?? {}, { allowNan: false });
    return () => {
      const previous = this.#head();
      const timestamp = formatStamp(this.#clock.nowMicros());
      const content = { seq: previous.seq + 1, dfid, event, timestamp, step_id: stepId, state, details_json };
      this.#links.push({ ...content, hash: auditHash(previous.hash, content) });
    };
  }

  #head(): AuditHead {
    const { seq, hash } = this.#links.at(-1) ?? this.#checkpoint;
    return { seq, hash };
  }
}

function auditEvent({ details_json, ...link }: AuditLink): AuditEvent {
  return { ...link, details: parseStoredJson(details_json) };
}
