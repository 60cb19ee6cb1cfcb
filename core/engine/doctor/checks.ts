/**
 * Everything that the doctor looks for, in the order in which it is put right: what one check has put right, the
 * next ones build upon.
 *
 * @module
 */
import { archives } from "./archives.ts";
import { cloneCaches } from "./clone_caches.ts";
import { containers } from "./containers.ts";
import type { Check } from "./finding.ts";
import { goneHolders } from "./gone_holders.ts";
import { interruptedOperations } from "./interrupted_operations.ts";
import { pendingJournal } from "./journal.ts";
import { uncheckedProjects } from "./known_projects.ts";
import { leftovers } from "./leftovers.ts";
import { readOnly } from "./read_only.ts";
import { stateStore } from "./state_store.ts";
import { tasks } from "./tasks.ts";
import { unprovedContainers } from "./unproved_containers.ts";
import { unknownRuntimes } from "./unknown_runtimes.ts";

/** The list. */
export const CHECKS: readonly Check[] = [
  readOnly,
  stateStore,
  pendingJournal,
  interruptedOperations,
  uncheckedProjects,
  archives,
  tasks,
  unknownRuntimes,
  containers,
  unprovedContainers,
  goneHolders,
  cloneCaches,
  leftovers,
];
