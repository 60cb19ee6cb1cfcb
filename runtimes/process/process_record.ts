/**
 * What is kept of one process container, in `<root>/core/process/<name>/`.
 *
 * | file | written by | content |
 * |---|---|---|
 * | `spec.json` | create | id, time, labels, the command with its environment |
 * | `env.sh` | create | the same environment for `login`, which must not show values on an argv |
 * | `run.json` | supervisor | who runs: supervisor and child, each with pid and start time, and the boot |
 * | `start.json` | supervisor | whether the command could be started |
 * | `exit.json` | supervisor | how it ended |
 *
 * The command is held until `run.json` is durable (`held_command.ts`), and `start.json` says that it started when
 * it was let go.
 *
 * @module
 */
import * as z from "zod/mini";
import { join } from "@std/path";
import type { Files } from "../../core/port/host.ts";
import { readJsonFile } from "../json_file.ts";

const version = z.literal(1);
const texts = z.record(z.string(), z.string());

const specSchema = z.object({
  version,
  id: z.string(),
  created_at_micros: z.int(),
  labels: texts,
  argv: z.tuple([z.string()], z.string()),
  directory: z.string(),
  env: texts,
  mounts: z.array(z.object({ source: z.string(), target: z.string() })),
  timeout_s: z.nullable(z.number()),
  log_path: z.string(),
  log_max_bytes: z.nullable(z.int()),
});

const identitySchema = z.object({ pid: z.int(), startTicks: z.int() });

const runSchema = z.object({
  version,
  boot_id: z.string(),
  supervisor: z.nullable(identitySchema),
  /** Null when it had ended before it could be identified. */
  child: z.nullable(identitySchema),
  started_at_micros: z.int(),
});

const startSchema = z.object({
  version,
  /** Null when it started, else the exit status to report: 127 not found, 126 not executable, 125. */
  exit: z.nullable(z.int()),
  message: z.string(),
});

const exitSchema = z.object({
  version,
  /** The start it belongs to; an older one's report says nothing about a later run. */
  started_at_micros: z.int(),
  /** Null for a signal without a number of its own. */
  code: z.nullable(z.int()),
  reason: z.enum(["exited", "signal", "timeout"]),
  finished_at_micros: z.int(),
});

/** What was created. */
export type ProcessSpec = z.infer<typeof specSchema>;
/** Who runs. */
export type ProcessRun = z.infer<typeof runSchema>;
/** Whether it could be started. */
export type ProcessStart = z.infer<typeof startSchema>;
/** How it ended. */
export type ProcessExit = z.infer<typeof exitSchema>;

/** The files of one container's directory. */
export interface ProcessPaths {
  readonly directory: string;
  readonly spec: string;
  readonly loginEnv: string;
  readonly run: string;
  readonly start: string;
  readonly exit: string;
}

/** The paths in a container's directory. */
export function processPaths(directory: string): ProcessPaths {
  return {
    directory,
    spec: join(directory, "spec.json"),
    loginEnv: join(directory, "env.sh"),
    run: join(directory, "run.json"),
    start: join(directory, "start.json"),
    exit: join(directory, "exit.json"),
  };
}

/** What was created; null when there is no such container. Fails with `record_damaged`. */
export function readProcessSpec(files: Files, paths: ProcessPaths): Promise<ProcessSpec | null> {
  return readJsonFile(files, paths.spec, (value) => specSchema.parse(value));
}

/** Who runs; null before the first start. Fails with `record_damaged`. */
export function readProcessRun(files: Files, paths: ProcessPaths): Promise<ProcessRun | null> {
  return readJsonFile(files, paths.run, (value) => runSchema.parse(value));
}

/** The supervisor's answer to a start; null while there is none. Fails with `record_damaged`. */
export function readProcessStart(files: Files, paths: ProcessPaths): Promise<ProcessStart | null> {
  return readJsonFile(files, paths.start, (value) => startSchema.parse(value));
}

/** How it ended; null when that was not recorded. Fails with `record_damaged`. */
export function readProcessExit(files: Files, paths: ProcessPaths): Promise<ProcessExit | null> {
  return readJsonFile(files, paths.exit, (value) => exitSchema.parse(value));
}
