/**
 * The program with a project on podman, for tests of whole jobs.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type CarrelProgram, newCarrelProgram } from "../support/carrel_program.ts";
import { newProjectName, TEST_IMAGE, whyNoPodman } from "./podman_here.ts";

const missing = await whyNoPodman();

/** Registers a test of the program with a project of its own, ignored where no container can run. */
export function onProject(
  name: string,
  body: (carrel: CarrelProgram, project: string) => Promise<void>,
): void {
  const note = missing === null ? "" : ` (podman: ${missing})`;
  Deno.test({
    name: `podman end to end: ${name}${note}`,
    ignore: missing !== null,
    fn: async () => {
      await using carrel = await newCarrelProgram();
      const project = newProjectName();
      const { code, stderr } = await carrel.run(["project", "new", project, "--image", TEST_IMAGE]);
      assertEquals([code, stderr], [0, ""]);
      // Rootless test machines have no network for containers, and none is needed.
      await addSetting(carrel, project, "  network: none\n");
      await body(carrel, project);
    },
  });
}

/** Adds lines to the project's project.yml, which ends in the section `run`. */
export async function addSetting(carrel: CarrelProgram, project: string, yaml: string): Promise<void> {
  const file = join(carrel.place, "config", "projects", project, "project.yml");
  await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}${yaml}`);
}

/** The address of the project's one task. */
export async function onlyTask(carrel: CarrelProgram, project: string): Promise<string> {
  return (await carrel.run(["task", "list", project, "-q"])).stdout.trim();
}

/** A field of a JSON object. */
export function field(value: unknown, key: string): unknown {
  assert(typeof value === "object" && value !== null);
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
