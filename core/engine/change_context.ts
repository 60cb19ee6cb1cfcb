/**
 * `context set` and `context merge`: what agents know, changed from outside.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { ContextStorage } from "../state/contracts/context.ts";
import { mergeJson } from "../state/merge_json.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { changeEvent } from "./recorded_change.ts";

/** The two kinds: a session for each flow, a state for each agent. */
export const CONTEXT_SCOPES = ["session", "state"] as const;

/** Which kind. */
export type ContextScope = typeof CONTEXT_SCOPES[number];

/** Whose context. */
export interface ContextPlace {
  readonly scope: ContextScope;
  /** The flow's id, or the agent's. */
  readonly key: string;
}

/** How to change it. */
export interface ContextChange extends ContextPlace {
  readonly how: "set" | "merge";
  /** A JSON object; it is kept digit for digit. */
  readonly json: string;
  /** The state's version must be this one; default: whichever it is. Sessions have none. */
  readonly ifVersion?: number | null;
}

/** What was changed. */
export type ChangedContext = {
  readonly scope: ContextScope;
  readonly key: string;
  /** Of the state afterwards; null for a session. */
  readonly version: number | null;
};

/**
 * Changes a context; with others at once no change is lost. Errors: `conflict` (another version),
 * `invalid_value` (what is stored there is no object to merge with).
 */
export async function changeContext(
  carrel: Carrel,
  change: ContextChange,
  options: MutationOptions = {},
): Promise<Performed<ChangedContext>> {
  const { how, scope, key, ifVersion = null } = change;
  const args = { scope, key, ...(ifVersion === null ? {} : { if_version: ifVersion }) };
  const deed = { verb: `context ${how}`, project: null, task: null, args };
  return await perform(carrel, deed, options, async (op) => {
    return scope === "session"
      ? await changeSession(carrel, op, change)
      : await changeState(carrel, op, change);
  });
}

async function changeSession(
  carrel: Carrel,
  op: Operation,
  { how, scope, key, json }: ContextChange,
): Promise<ChangedContext> {
  const result = { scope, key, version: null };
  // What cannot be merged is found out before anything is promised.
  if (how === "merge") mergeJson(await (await existingContext(carrel))?.getSession(key) ?? null, json);
  await op.step(`${how} session`, key, async () => {
    const { context } = await carrel.state();
    const along = { audit: changeEvent(op, `context.${how}`, result) };
    if (how === "set") await context.setSession(key, json, { along });
    else await context.mergeSession(key, json, { along });
  });
  return result;
}

async function changeState(
  carrel: Carrel,
  op: Operation,
  change: ContextChange,
): Promise<ChangedContext> {
  const { how, scope, key } = change;
  let next = await prepareState(carrel, change);
  await op.step(`${how} state`, key, async () => {
    const { context } = await carrel.state();
    for (;;) {
      const along = { audit: changeEvent(op, `context.${how}`, { scope, key, version: next.version + 1 }) };
      if (await context.compareAndSetState(key, next.version, next.data, { along }) !== null) return;
      // Somebody else was faster: the same change to what is there now, unless that is not what was meant.
      next = await prepareState(carrel, change);
    }
  });
  return { scope, key, version: next.version + 1 };
}

/** The state to be written, and the version that it replaces. */
async function prepareState(
  carrel: Carrel,
  { how, key, json, ifVersion = null }: ContextChange,
): Promise<{ readonly data: string; readonly version: number }> {
  const found = await (await existingContext(carrel))?.getStateVersioned(key);
  const version = found?.version ?? 0;
  if (ifVersion !== null && ifVersion !== version) throw otherVersion(key, ifVersion, version);
  return { data: how === "set" ? json : mergeJson(found?.data ?? null, json), version };
}

/** A dry run must not make a store to look into; null is one with nothing in it. */
async function existingContext(carrel: Carrel): Promise<ContextStorage | null> {
  return (await carrel.existingState())?.context ?? null;
}

function otherVersion(key: string, expected: number, version: number): AppError {
  return new AppError("conflict", `the state of ${key} has version ${version}, not ${expected}`, {
    hint: "read it again with `carrel context get state`, then decide anew",
    details: { key, expected, version },
  });
}
