/**
 * The configuration key `run.fake`: what simulated containers do.
 *
 * @module
 */
import * as z from "zod/mini";
import { AppError } from "../../core/error.ts";
import { isInsidePath } from "./script_files.ts";

const METHODS = ["create", "start", "stop", "remove", "states", "wait", "logs", "exec"] as const;

/** A method of the fake runtime that can be told to fail. */
export type FakeMethod = typeof METHODS[number];

const exitCode = z.int().check(z.gte(0), z.lte(255));

const insidePath = z.string().check(z.refine(isInsidePath, "must be a path inside the workspace"));

/** The part of the script that belongs to one container and is kept with it. */
export const fakeBehaviourSchema = z.strictObject({
  exit_code: z._default(exitCode, 0),
  stdout: z._default(z.string(), ""),
  stderr: z._default(z.string(), ""),
  duration_ms: z._default(z.number().check(z.gte(0)), 0),
  files: z._default(z.record(insidePath, z.string()), {}),
  exec: z._default(
    z.array(z.strictObject({
      argv: z.array(z.string()),
      exit_code: z._default(exitCode, 0),
      stdout: z._default(z.string(), ""),
      stderr: z._default(z.string(), ""),
    })),
    [],
  ),
});

/** What one container does: output and files at its start, its length, its exit code, its `exec` answers. */
export type FakeBehaviour = z.infer<typeof fakeBehaviourSchema>;

const method = z.enum(METHODS);

const fakeScriptSchema = z.extend(fakeBehaviourSchema, {
  fail_on: z._default(z.union([z.pipe(method, z.transform((one) => [one])), z.array(method)]), []),
});

/** The whole script: a container's behaviour, and which methods fail with `runtime_failed`. */
export type FakeScript = z.infer<typeof fakeScriptSchema>;

/**
 * Reads the value of `run.fake`; undefined and null mean a container that ends at once with 0.
 * Fails with `invalid_value`.
 *
 * @example
 * ```ts
 * import { parseFakeScript } from "./fake_script.ts";
 * import { assertEquals } from "@std/assert";
 * const script = parseFakeScript({ exit_code: 7, fail_on: "stop" });
 * assertEquals([script.exit_code, script.duration_ms, script.fail_on], [7, 0, ["stop"]]);
 * ```
 */
export function parseFakeScript(value: unknown): FakeScript {
  const parsed = fakeScriptSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = ["run.fake", ...(issue?.path ?? [])].join(".");
  throw new AppError("invalid_value", `${where}: ${issue?.message ?? "not valid"}`);
}
