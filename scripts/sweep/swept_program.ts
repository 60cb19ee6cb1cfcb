/**
 * The compiled program that is swept.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { whyNoStrace } from "../why_no_strace.ts";
import { say } from "./say.ts";

/** Its path: `CARREL_BIN`, else `dist/carrel`. */
export function sweptProgram(): string {
  return Deno.env.get("CARREL_BIN") || fromFileUrl(new URL("../../dist/carrel", import.meta.url));
}

/** The path of a program that must be traced; where nothing can be, says so and ends the sweep as skipped. */
export async function tracedProgram(): Promise<string> {
  const obstacle = await whyNoStrace();
  if (obstacle === null) return sweptProgram();
  await say(`skipped: ${obstacle}`);
  Deno.exit(0);
}
