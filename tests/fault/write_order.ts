/**
 * In which order a verb writes, in the words of docs/write-orders.md.
 *
 * @module
 */
import { newFaultyHost } from "../support/faulty_host.ts";
import { newFaultyState } from "../support/faulty_state.ts";
import { CONFIG, ROOT } from "../support/world.ts";
import { newScene } from "./scene.ts";
import type { Verb } from "./verbs.ts";

/** Programs that only look. */
const READERS = /^(run|spawn) find /;
const RUNTIME = "core/fake-runtime";

/** Runs it on a machine in memory, and tells one step a line. */
export async function recordOrder(verb: Verb): Promise<string[]> {
  const scene = await newScene(verb.beginning, verb);
  const host = newFaultyHost(scene.world.host);
  const state = newFaultyState(scene.world.state, host);
  await verb.run(await scene.world.open({ host, openState: () => Promise.resolve(state) }), scene);
  return wordSteps(host.trace);
}

/**
 * A trace of writing calls as steps: each durable replacement of a file is one, a transaction of the operation's
 * log is `operation`, what the runtime does is `runtime`, and the same step again is not said again.
 */
export function wordSteps(trace: readonly string[]): string[] {
  const steps: string[] = [];
  const calls = trace.filter((call) => !READERS.test(call)).map(shorten);
  for (let at = 0; at < calls.length; at++) {
    const call = calls[at] ?? "";
    const [, replaced] = /^rename \S+ to (\S+)$/.exec(calls[at + 1] ?? "") ?? [];
    const isReplacement = /^create \S+\.tmp$/.test(call) && replaced !== undefined;
    if (isReplacement) at += 2;
    const step = isReplacement ? `write ${replaced}` : call;
    // The directory of the runtime's file, and its lock.
    if (step === "ensureDir core" || step.startsWith(`lock ${RUNTIME}`)) continue;
    const said = step.startsWith(`write ${RUNTIME}`) ? "runtime" : step;
    if (said !== steps.at(-1)) steps.push(said);
  }
  return steps;
}

function shorten(call: string): string {
  return call
    .replaceAll(`${ROOT}/`, "")
    .replaceAll(CONFIG, "CONFIG")
    .replace(/^(lifecycle\.transitionIf|saga\.\w+)$/, "operation")
    .replace(/^run git .*/, "run git")
    .replace(/^run (\w+) .*?(\S+)$/, "run $1 $2")
    .replace(/\d{8}T\d{6,12}Z/g, "TIME")
    .replace(/\.[0-9a-f]{16}(?=\.tmp|$)/g, ".HEX")
    .replace(/(?<=TIME_)[a-z][0-9a-z]{4}(?=_)/g, "ID")
    .replace(
      /(?<=[/.])[a-z][0-9a-z]{4}(?=_(meta\.yml|dossier\.json|env)|\.lock|\.incoming|\.outgoing|\/|$)/g,
      id,
    )
    .replace(/(?<=^removeFile .*\/)\w+(?=\.token$)/, "*")
    .replace(/^(lifecycle|decisionAudit)\.prune$/, "state: prune $1")
    .replace(/^(resourceLock|escalation)\./, "state: ");
}

/** Of directories of five letters only tasks' have a digit. */
function id(text: string): string {
  return /\d/.test(text) ? "ID" : text;
}
