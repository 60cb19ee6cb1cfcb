import { assert, assertEquals } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { type FaultPlan, type FaultyHost, HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { checkNoTemporaryFiles, checkNothingIsStuck, checkReadable, newScene } from "./scene.ts";
import { type Outcome, type Verb, VERBS } from "./verbs.ts";

/** Runs the verb on a host that goes wrong by plan; null plan: all is well. */
async function attempt(verb: Verb, plan?: FaultPlan): Promise<FaultyHost> {
  const scene = await newScene(verb.beginning, verb.crossDevice);
  const { world } = scene;
  const host = newFaultyHost(world.host, plan);
  let outcome: Outcome = "done";
  let containerLeft = false;
  try {
    const result = await verb.run(await world.open({ host }), scene);
    containerLeft = saysContainerLeft(result);
  } catch (error) {
    outcome = error instanceof HostDied ? "died" : "failed";
    if (outcome === "failed" && !(error instanceof AppError)) throw error;
  }
  assertEquals(outcome === "died", plan?.with === "death", "it dies when it is killed, and only then");
  if (outcome !== "died") checkNoTemporaryFiles(scene);
  const carrel = await world.open();
  const where = await checkReadable(carrel, scene);
  await verb.check(carrel, scene, outcome, where);
  const next = await world.open();
  if (outcome !== "done") await (verb.again ?? verb.run)(next, scene, where);
  await checkReadable(next, scene);
  await checkNothingIsStuck(next, containerLeft);
  return host;
}

/** A deletion that completes may say that it had to leave a container. */
function saysContainerLeft(result: unknown): boolean {
  return typeof result === "object" && result !== null && "containerLeft" in result &&
    result.containerLeft === true;
}

/** Every way in which the n-th of these calls can go wrong. */
function plansFor(trace: readonly string[], faults: readonly FaultPlan["with"][]): FaultPlan[] {
  return trace.flatMap((action, index) =>
    faults.flatMap((fault): FaultPlan[] => {
      const at = index + 1;
      const writes = /^(create|append) /.test(action);
      return [{ at, with: fault }, ...(writes ? [{ at, with: fault, leaving: "half" } as const] : [])];
    })
  );
}

async function attemptAll(verb: Verb, faults: readonly FaultPlan["with"][]): Promise<void> {
  const { trace, calls } = await attempt(verb);
  assert(calls > 0, "a writing verb writes");
  const plans = plansFor(trace, faults);
  if (faults.includes("death")) plans.push({ at: calls, with: "death", leaving: "all" });
  for (const plan of plans) {
    try {
      const { struck } = await attempt(verb, plan);
      assert(struck, "the planned call was reached");
    } catch (error) {
      const call = `call ${plan.at} of ${calls} (${trace[plan.at - 1]})`;
      throw new Error(`${verb.name}, ${plan.with} at ${call}, leaving ${plan.leaving ?? "nothing"}`, {
        cause: error,
      });
    }
  }
}

for (const verb of VERBS) {
  Deno.test(`${verb.name}: whichever write fails, all or nothing is there, and once more succeeds`, () =>
    attemptAll(verb, ["disk_full", "storage_failed"]));
  Deno.test(`${verb.name}: whichever write it dies at, nothing is lost and nothing is stuck`, () =>
    attemptAll(verb, ["death"]));
}
