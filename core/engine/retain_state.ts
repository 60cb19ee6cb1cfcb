/**
 * `state.keep_for`: history goes by itself, but only where somebody has said so.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { Project } from "../query/open_project.ts";
import { formatStamp } from "../state/stamp.ts";
import { findForgettable } from "./find_forgettable.ts";
import type { MutationOptions } from "./operation.ts";
import { pruneState } from "./prune_state.ts";
import { readKeepFor } from "./retain_archives.ts";

/** So much more than what is kept gathers before it goes: a prune is an operation, which is history too. */
const SLACK_S = 86_400;

/**
 * Prunes the state store as the configuration says, which is not at all unless `state.keep_for` is set; at most
 * once a day. Whatever goes wrong is a warning: nobody has asked for it now.
 */
export async function retainState(
  carrel: Carrel,
  project: Project,
  { parent }: Pick<MutationOptions, "parent">,
): Promise<void> {
  const olderThanS = readKeepFor(project, "state.keep_for");
  if (olderThanS === null) return;
  try {
    if (!await isOverdue(carrel, olderThanS)) return;
    const request = { olderThanS, by: "state.keep_for" };
    const { operations, events } = await pruneState(carrel, request, parent === undefined ? {} : { parent });
    const what = `operations (${operations}) and events of the audit (${events})`;
    carrel.notify({ kind: "notice", text: `forgot ${what} that state.keep_for keeps no longer` });
  } catch (error) {
    if (!isAppError(error)) throw error;
    carrel.notify({ kind: "warning", text: `old history was not pruned: ${error.message}` });
  }
}

async function isOverdue(carrel: Carrel, olderThanS: number): Promise<boolean> {
  const stores = await carrel.existingState();
  if (stores === null) return false;
  const before = carrel.host.clock.nowMicros() - (olderThanS + SLACK_S) * 1e6;
  // Every operation is in the audit. Its first event tells at once that there is nothing.
  const [first] = await stores.decisionAudit.allEventsChronological({ limit: 1 });
  if (first === undefined || first.timestamp >= formatStamp(before)) return false;
  const { operations, events, decisions } = await findForgettable(carrel, stores, before);
  return operations.count + events.count + decisions.count > 0;
}
