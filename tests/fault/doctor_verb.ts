/**
 * A task without bookkeeping and half an archive, put right by `doctor --fix`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { examine } from "../../core/engine/doctor/examine.ts";
import { repair } from "../../core/engine/doctor/repair.ts";
import { AppError } from "../../core/error.ts";
import { look, placesOf, ROOT } from "../support/world.ts";
import { NAME, type Scene } from "./scene.ts";
import type { Verb } from "./verbs.ts";

const HALF = `${ROOT}/archive/demo/tasks/20260101T000000000000Z_k7m2x_half`;

/** `doctor --fix` of a machine that it can put right. */
export const DOCTOR_VERB: Verb = {
  name: "doctor --fix",
  beginning: "stopped",
  spoilt: `${HALF}/task.json`,
  run: async (carrel, scene) => {
    await spoil(scene);
    await fixAll(carrel);
  },
  check: async (carrel, { ref }, outcome) => {
    // What could not be recorded in the store waits in the journal.
    const left = (await examine(carrel)).filter(({ code }) => code !== "journal_pending");
    if (outcome === "done") assertEquals(left, []);
    assertEquals((await look(carrel, ref)).name, NAME);
  },
  again: async (carrel, { ref }) => {
    await fixAll(carrel);
    assertEquals(await examine(carrel), []);
    const { mode, runtime, name } = await look(carrel, ref);
    assertEquals([mode, runtime, name], ["run", "fake", NAME]);
  },
};

async function spoil({ world: { host }, ref }: Scene): Promise<void> {
  await host.files.removeFile(placesOf(ref).bookkeeping);
  host.files.put(`${HALF}/logs/container.log`, "said\n");
}

async function fixAll(carrel: Carrel): Promise<void> {
  const { findings } = await repair(carrel);
  const left = findings.filter(({ fixed }) => !fixed);
  // As the command says it.
  if (left.length > 0) throw new AppError("partial", left.map(({ outcome }) => outcome).join("; "));
}
