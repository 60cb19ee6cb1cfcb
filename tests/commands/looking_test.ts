/**
 * Who only looks leaves no trace.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newCarrelProgram } from "../support/carrel_program.ts";

const LOOKS = [
  ["agent", "list"],
  ["audit", "list"],
  ["context", "get", "state", "claude"],
  ["escalation", "list", "--all"],
  ["lock", "list"],
  ["op", "list"],
  ["saga", "list"],
  ["storage", "usage"],
  ["task", "list"],
];

Deno.test("who only looks makes nothing on disk", async () => {
  await using program = await newCarrelProgram();
  for (const argv of LOOKS) {
    const { code, stderr } = await program.run([...argv, "-q"]);
    const made = [...Deno.readDirSync(program.place)].map(({ name }) => name);
    assertEquals({ argv, code, stderr, made }, { argv, code: 0, stderr: "", made: [] });
  }
});
