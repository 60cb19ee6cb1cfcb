import { assert, assertEquals } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { Host } from "../../core/port/host.ts";
import type { Carrel } from "../../core/carrel.ts";
import { type FaultPlan, type FaultyHost, HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { newFaultyState } from "../support/faulty_state.ts";
import type { World } from "../support/world.ts";
import { newFullDiskHost } from "./full_disk_host.ts";
import { checkNoTemporaryFiles, checkNothingIsStuck, checkReadable, newScene } from "./scene.ts";
import type { Outcome } from "./verb_laws.ts";
import { type Verb, VERBS } from "./verbs.ts";

/** Runs the verb on the host that `wrap` makes, and checks every law, then the same verb without faults. */
async function attempt<Wrapped extends Host>(
  verb: Verb,
  wrap: (host: Host) => Wrapped,
): Promise<{ host: Wrapped; outcome: Outcome }> {
  const scene = await newScene(verb.beginning, verb);
  const { world } = scene;
  const host = wrap(world.host);
  let outcome: Outcome = "done";
  let incomplete = false;
  try {
    const result = await verb.run(await openOn(host, world), scene);
    incomplete = saysIncomplete(result);
    if (incomplete) outcome = "incomplete";
  } catch (error) {
    outcome = error instanceof HostDied ? "died" : "taken" in host ? "full" : "failed";
    if (outcome !== "died" && !(error instanceof AppError)) throw error;
  }
  if (outcome !== "died") checkNoTemporaryFiles(scene);
  const carrel = await world.open();
  const where = await checkReadable(carrel, scene, verb);
  const mayBeGone = verb.mayLose === true || verb.beginning === "none";
  assert(mayBeGone || where !== "gone", "the task is here or in the archive");
  await verb.check(carrel, scene, outcome, where);
  const next = await world.open();
  if (outcome !== "done") await (verb.again ?? verb.run)(next, scene, where);
  await checkReadable(next, scene, verb);
  await checkNothingIsStuck(next, incomplete);
  return { host, outcome };
}

/** A carrel on the machine as it is seen; where calls are counted, those of the state store are too. */
function openOn(host: Host, world: World): Promise<Carrel> {
  const isCounting = (seen: Host): seen is FaultyHost => "writing" in seen;
  if (!isCounting(host)) return world.open({ host });
  return world.open({ host, openState: () => Promise.resolve(newFaultyState(world.state, host)) });
}

/** A deletion may say that it had to leave a container or a record, for the next one to finish. */
function saysIncomplete(result: unknown): boolean {
  return typeof result === "object" && result !== null && "incomplete" in result &&
    result.incomplete === true;
}

type NumberedPlan = FaultPlan & { readonly at: number };

/** Every way in which the n-th of these calls can go wrong. */
function plansFor(trace: readonly string[], faults: readonly FaultPlan["with"][]): NumberedPlan[] {
  return trace.flatMap((action, index) =>
    faults.flatMap((fault): NumberedPlan[] => {
      const at = index + 1;
      const writes = /^(create|append) /.test(action);
      return [{ at, with: fault }, ...(writes ? [{ at, with: fault, leaving: "half" } as const] : [])];
    })
  );
}

async function attemptAll(verb: Verb, faults: readonly FaultPlan["with"][]): Promise<void> {
  const { host: { trace, calls } } = await attempt(verb, (host) => newFaultyHost(host));
  assert(calls > 0, "a writing verb writes");
  const plans = plansFor(trace, faults);
  if (faults.includes("death")) plans.push({ at: calls, with: "death", leaving: "all" });
  for (const plan of plans) {
    const call = `call ${plan.at} of ${calls} (${trace[plan.at - 1]})`;
    await named(`${verb.name}: ${plan.with} at ${call}, leaving ${plan.leaving ?? "nothing"}`, async () => {
      const { host, outcome } = await attempt(verb, (host) => newFaultyHost(host, plan));
      assert(host.struck, "the planned call was reached");
      assertEquals(outcome === "died", plan.with === "death", "who is killed says nothing more");
    });
  }
}

async function attemptOnFullDisk(verb: Verb): Promise<void> {
  const { host: { taken } } = await attempt(verb, (host) => newFullDiskHost(host));
  for (let at = 1; at <= taken; at++) {
    await named(`${verb.name}: the disk is full from call ${at} of ${taken} on`, async () => {
      const { host } = await attempt(verb, (host) => newFullDiskHost(host, at));
      assert(host.taken >= at, "the disk was full");
    });
  }
}

/** A law does not hold; the cause says which. */
class LawBroken extends Error {
  override readonly name: string = "LawBroken";
}

/** Says in a failure what was tried. */
async function named(what: string, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (cause) {
    throw new LawBroken(what, { cause });
  }
}

for (const verb of VERBS) {
  Deno.test(`${verb.name}: whichever write fails, all or nothing is there, and once more succeeds`, () =>
    attemptAll(verb, ["disk_full", "storage_failed"]));
  Deno.test(`${verb.name}: whenever the disk fills up, nothing is lost and nothing is stuck`, () =>
    attemptOnFullDisk(verb));
  Deno.test(`${verb.name}: whichever write it dies at, nothing is lost and nothing is stuck`, () =>
    attemptAll(verb, ["death"]));
}
