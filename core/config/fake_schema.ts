/**
 * The shape of `run.fake`, the script of the simulated runtime.
 *
 * @module
 */
import * as z from "zod/mini";
import { anyText, closed, whole } from "./value_rules.ts";

const METHODS = ["create", "start", "stop", "remove", "states", "wait", "logs", "exec"] as const;

const exitCode = whole(0, 255, "a whole number from 0 to 255");
const method = z.enum(METHODS, { error: `must be one of ${METHODS.join(", ")}` });

/** What simulated containers do; everything is optional, the runtime knows the defaults. */
export const fakeSchema = closed({
  exit_code: z.optional(exitCode),
  stdout: z.optional(anyText),
  stderr: z.optional(anyText),
  duration_ms: z.optional(
    z.number({ error: "must be a number of milliseconds" }).check(
      z.gte(0, { error: "must not be negative" }),
    ),
  ),
  fail_on: z.optional(z.union([method, z.array(method)], {
    error: `must be one or several of ${METHODS.join(", ")}`,
  })),
  files: z.optional(z.record(z.string(), anyText, { error: "must be a map of paths to contents" })),
  exec: z.optional(z.array(
    closed({
      argv: z.array(anyText, { error: "must be a list of texts" }),
      exit_code: z.optional(exitCode),
      stdout: z.optional(anyText),
      stderr: z.optional(anyText),
    }),
    { error: "must be a list of answers" },
  )),
});
