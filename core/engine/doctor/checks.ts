/**
 * Everything that the doctor looks for, in the order in which it is put right.
 *
 * @module
 */
import type { Check } from "./finding.ts";
import { interruptedOperations } from "./interrupted_operations.ts";
import { stateStore } from "./state_store.ts";

/** The list. */
export const CHECKS: readonly Check[] = [stateStore, interruptedOperations];
