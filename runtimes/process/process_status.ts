/**
 * What the records and the living processes say about a container.
 *
 * @module
 */
import type { Files } from "../../core/port/host.ts";
import type { ContainerStatus, ExitReport } from "../../core/port/runtime.ts";
import { isRunAlive, type ProcessHost } from "./process_liveness.ts";
import { type ProcessPaths, type ProcessRun, readProcessExit, readProcessRun } from "./process_record.ts";
import { readProcessSpec } from "./process_record.ts";

/** The end of a run that nobody could write down: the supervisor was killed, or the machine went down. */
const UNSEEN_END: ExitReport = { code: null, reason: "unknown", finishedAtMicros: null };

type StatusHost = ProcessHost & { readonly files: Files };

/** The status; null when there is no such container. Fails with `record_damaged`. */
export async function readProcessStatus(
  host: StatusHost,
  name: string,
  paths: ProcessPaths,
): Promise<ContainerStatus | null> {
  const spec = await readProcessSpec(host.files, paths);
  if (spec === null) return null;
  const latest = await readLatestRun(host, paths);
  return {
    id: spec.id,
    name,
    state: latest === null ? "created" : latest.exit === null ? "running" : "exited",
    labels: spec.labels,
    image: "",
    createdAtMicros: spec.created_at_micros,
    startedAtMicros: latest?.run.started_at_micros ?? null,
    exit: latest?.exit ?? null,
  };
}

/** What is left to say about a container whose records cannot be read. */
export function damagedStatus(name: string): ContainerStatus {
  const unknown = { createdAtMicros: null, startedAtMicros: null, exit: null };
  return { id: "", name, state: "damaged", labels: {}, image: "", ...unknown };
}

/** True while the latest run has not ended. Fails with `record_damaged`. */
export async function isUp(host: StatusHost, paths: ProcessPaths): Promise<boolean> {
  const latest = await readLatestRun(host, paths);
  return latest !== null && latest.exit === null;
}

/** The latest run and its end, if it has ended; null before the first start. */
async function readLatestRun(
  host: StatusHost,
  paths: ProcessPaths,
): Promise<{ readonly run: ProcessRun; readonly exit: ExitReport | null } | null> {
  while (true) {
    const run = await readProcessRun(host.files, paths);
    if (run === null) return null;
    // Looked at before the report is read: who is gone by now has written it already.
    const isAlive = await isRunAlive(host, run);
    const exit = await readProcessExit(host.files, paths);
    if (exit?.started_at_micros === run.started_at_micros) {
      return {
        run,
        exit: { code: exit.code, reason: exit.reason, finishedAtMicros: exit.finished_at_micros },
      };
    }
    if (isAlive) return { run, exit: null };
    const again = await readProcessRun(host.files, paths);
    // Unless it was started anew while we looked.
    if (again?.started_at_micros === run.started_at_micros) return { run, exit: UNSEEN_END };
  }
}
