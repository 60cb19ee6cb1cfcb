import { assert, assertEquals } from "@std/assert";
import { examine } from "../../../core/engine/doctor/examine.ts";
import type { Diagnosis } from "../../../core/engine/doctor/finding.ts";
import { repair } from "../../../core/engine/doctor/repair.ts";
import { HostDied, newFaultyHost } from "../../support/faulty_host.ts";
import { newFaultyState } from "../../support/faulty_state.ts";
import { newSpoilable, type Scene, type Spoil } from "./spoilable.ts";
import { CUT_OFF_SPOILS } from "./cut_off_spoils.ts";
import { SPOILS } from "./spoilt_scene.ts";
import { WRONG_KINDS } from "./wrong_kinds.ts";

function outline(found: readonly Pick<Diagnosis, "code" | "fix">[]): [string, boolean][] {
  return found.map(({ code, fix }) => [code, fix !== null]);
}

/** What stays, because only a person can do something about it. */
function leftOf({ finds }: Spoil): readonly (readonly [string, boolean])[] {
  return finds.filter(([, fixable]) => !fixable);
}

async function newSpoilt({ spoil }: Spoil): Promise<Scene> {
  const scene = await newSpoilable();
  assertEquals(await examine(scene.world.carrel), [], "the machine is sound before");
  await spoil(scene);
  return scene;
}

async function assertTreated(spoil: Spoil, scene: Scene, where = ""): Promise<void> {
  assertEquals(outline(await examine(await scene.world.open())), leftOf(spoil), where);
  await spoil.check?.(scene);
}

for (const spoil of [...SPOILS, ...CUT_OFF_SPOILS, ...WRONG_KINDS]) {
  Deno.test(`${spoil.name}: it is found, planned, put right, and then the machine is sound`, async () => {
    const scene = await newSpoilt(spoil);
    const { world } = scene;
    const before = world.host.files.snapshot();
    assertEquals(outline(await examine(await world.open())), spoil.finds);
    const planned = await repair(await world.open(), { dryRun: true });
    assertEquals(outline(planned.findings), spoil.finds);
    assertEquals(world.host.files.snapshot(), before, "looking and planning change nothing");
    const { findings } = await repair(await world.open());
    const expected = spoil.finds.map(([code, fixable]) => [code, fixable, fixable]);
    assertEquals(findings.map(({ code, fix, fixed }) => [code, fix !== null, fixed]), expected);
    await assertTreated(spoil, scene);
    const again = await repair(await world.open());
    assertEquals([outline(again.findings), again.op.changed], [leftOf(spoil), false]);
  });

  if (!spoil.finds.some(([, fixable]) => fixable)) continue;

  Deno.test(`${spoil.name}: whichever write a repair dies at, or fails at, the next one ends it`, async () => {
    const { calls } = await attempt(spoil);
    for (let at = 1; at <= calls; at++) {
      await attempt(spoil, { at, with: "death", leaving: "nothing" });
      await attempt(spoil, { at, with: "death", leaving: "all" });
      await attempt(spoil, { at, with: "storage_failed" });
      await attempt(spoil, { at, with: "disk_full", leaving: "half" });
    }
  });
}

/** Repairs in a process that meets a fault, then in one that does not. */
async function attempt(
  spoil: Spoil,
  plan?: NonNullable<Parameters<typeof newFaultyHost>[1]>,
): Promise<{ readonly calls: number }> {
  const scene = await newSpoilt(spoil);
  const { world } = scene;
  const { pid } = world.host.processes.start();
  const host = newFaultyHost({ ...world.host, system: { ...world.host.system, pid } }, plan);
  const openState = () => Promise.resolve(newFaultyState(world.state, host));
  try {
    await repair(await world.open({ host, openState }));
  } catch (error) {
    assert(error instanceof HostDied || plan !== undefined && plan.with !== "death", String(error));
  }
  world.host.processes.end(pid);
  if (plan === undefined) {
    await assertTreated(spoil, scene);
    return host;
  }
  const where = `${plan.with} at call ${plan.at} (${
    host.trace[Number(plan.at) - 1]
  }), leaving ${plan.leaving}`;
  assert(host.struck, where);
  const { findings } = await repair(await world.open());
  assertEquals(findings.filter(({ fix, fixed }) => fix !== null && !fixed), [], where);
  await assertTreated(spoil, scene, where);
  return host;
}
