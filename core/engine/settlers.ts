/**
 * How each verb's operation is settled when its process has died on the way.
 *
 * @module
 */
import type { Settler } from "./settle_operation.ts";
import { settleRecorded } from "./recorded_change.ts";
import { settleCreate } from "./settle_create.ts";
import { settleDelete } from "./settle_delete.ts";
import { settleEscalation } from "./settle_escalation.ts";
import { settleLock } from "./settle_lock.ts";
import { settlePrune } from "./settle_prune.ts";
import { settleProjectDelete, settleProjectNew } from "./settle_project.ts";
import { settleRename } from "./settle_rename.ts";
import { settleRestore } from "./settle_restore.ts";
import { settleRun } from "./settle_run.ts";
import { settleStart } from "./settle_start.ts";
import { settleStop } from "./settle_stop.ts";

/** By verb. One without a settler is abandoned: doing it again completes what it has done of its work. */
export const SETTLERS: Readonly<Record<string, Settler>> = {
  "project new": settleProjectNew,
  "project delete": settleProjectDelete,
  "task new": settleCreate,
  "task run": settleRun,
  "task start": settleStart,
  "task restart": settleStart,
  "task followup": settleStart,
  "task stop": settleStop,
  "task rename": settleRename,
  "task delete": settleDelete,
  "archive restore": settleRestore,
  "archive prune": settlePrune,
  "lock acquire": settleLock,
  "agent register": settleRecorded,
  "agent suspend": settleRecorded,
  "agent activate": settleRecorded,
  "agent retire": settleRecorded,
  "context set": settleRecorded,
  "context merge": settleRecorded,
  "escalation resolve": settleEscalation,
};
