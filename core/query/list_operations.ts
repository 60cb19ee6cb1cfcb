/**
 * What was done, newest first, by the time at which it was begun.
 *
 * @module
 */
import type { FlowRow } from "../state/contracts/lifecycle.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { type OperationView, toOperationView, wasJournaled } from "./operation_view.ts";

/** Which operations; what is left out does not matter. */
export interface OperationFilter {
  readonly project?: string | undefined;
  /** Of that project. */
  readonly task?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
  /** Begun at this time or later, `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
  readonly since?: string | undefined;
  /** So many, the newest of them. */
  readonly limit?: number | undefined;
}

/** The stores in which operations are recorded. */
export type OperationStores = Pick<StorageBundle, "lifecycle" | "decisionAudit">;

const PAGE = 200;

/** Lists operations. What is not asked for is not read, where its row in the lifecycle tells. */
export async function listOperations(
  stores: OperationStores,
  filter: OperationFilter = {},
): Promise<OperationView[]> {
  const { limit = Infinity, since = "", statuses } = filter;
  const found: OperationView[] = [];
  let inPlace = 0;
  for await (const { dfid, status, changed_at } of eachFlow(stores, statuses)) {
    // It was not begun after its last step.
    if (changed_at < since) continue;
    const events = await stores.decisionAudit.eventsForDfid(dfid);
    const operation = toOperationView(events);
    if (operation === null || !matches(operation, filter)) continue;
    found.push({ ...operation, status });
    // What was journaled stands among flows that are newer than it, never among older ones.
    if (!wasJournaled(events) && ++inPlace >= limit) break;
  }
  return found.sort(byTime).slice(0, limit);
}

/** All flows, newest first, read page by page. */
export async function* eachFlow(
  { lifecycle }: Pick<StorageBundle, "lifecycle">,
  statuses?: readonly string[],
): AsyncGenerator<FlowRow> {
  const wanted = statuses === undefined ? {} : { statuses };
  for (let before = Number.MAX_SAFE_INTEGER;;) {
    const flows = await lifecycle.listNewestFlows({ ...wanted, before, limit: PAGE });
    yield* flows;
    if (flows.length < PAGE) return;
    before = flows.at(-1)?.seq ?? before;
  }
}

/** The newest first; those whose beginning was removed by retention are the oldest. */
function byTime(a: OperationView, b: OperationView): number {
  const [before, after] = [a.began_at ?? "", b.began_at ?? ""];
  return before === after ? 0 : before < after ? 1 : -1;
}

function matches(operation: OperationView, { project, task, since }: OperationFilter): boolean {
  if (project !== undefined && operation.project_id !== project) return false;
  if (task !== undefined && operation.task_id !== task) return false;
  return since === undefined || operation.began_at !== null && operation.began_at >= since;
}
