/**
 * The states of many containers, with as few questions as possible.
 *
 * One `podman ps` tells them all. Only what it leaves open about ends that nobody knows yet is asked
 * for, in one `podman inspect`.
 *
 * @module
 */
import type { ContainerStatus, StateQuery } from "../../core/port/runtime.ts";
import { type ListedContainer, parseContainerList } from "./container_list.ts";
import { isWanted, nameFilter, ROOT_LABEL } from "./container_names.ts";
import type { Engine } from "./engine.ts";
import { decodeText } from "./engine_text.ts";
import { classifyExit, needsDetails, UNSEEN_END } from "./exit_report.ts";
import { failureCode, podmanFailure } from "./failure.ts";
import { type ContainerDetails, parseContainerDetails } from "./inspect.ts";

/** States in which a command is alive. */
export const LIVE_STATES: ReadonlySet<string> = new Set(["running", "paused", "stopping"]);

/** States that say nothing of an end: a reboot may have put the container back into one of them. */
const UNSTARTED_STATES: ReadonlySet<string> = new Set(["created", "configured", "initialized"]);

/** podman walks through everything that containers have written. */
const SIZES_TIMEOUT_MS = 10 * 60_000;

/** All containers of the engine that match the name filter, whoever made them. */
export async function listContainers(engine: Engine, query: StateQuery): Promise<ListedContainer[]> {
  const filter = nameFilter(query);
  const answer = await engine.client.ask([
    "ps",
    "--all",
    "--no-trunc",
    ...(filter === null ? [] : ["--filter", `name=${filter}`]),
    ...(query.sizes === true ? ["--size"] : []),
    "--format",
    "json",
  ], query.sizes === true ? { timeoutMs: SIZES_TIMEOUT_MS } : {});
  return parseContainerList(answer);
}

/** The containers that a query asks for, by name. */
export async function listStates(
  engine: Engine,
  query: StateQuery,
): Promise<ReadonlyMap<string, ContainerStatus>> {
  if (query.names?.length === 0) return new Map();
  const rows = (await listContainers(engine, query)).filter((row) => isWanted(row, query, engine.root));
  const dead = await findDead(engine, rows);
  const open = rows.filter((row) =>
    dead.has(row.name) || (isEnded(row) && !query.settled?.has(row.name) && isOpen(row))
  );
  const details = await inspectContainers(engine, open.map((row) => row.name));
  const states = new Map<string, ContainerStatus>();
  for (const row of rows) {
    const known = details.get(row.name);
    const gone = dead.has(row.name) && known !== undefined && await isUnwatched(engine, known);
    const owner = row.labels[ROOT_LABEL];
    const place = owner === undefined || owner === engine.root ? {} : { otherRoot: owner };
    states.set(row.name, { ...statusOf(row, known, gone), ...place });
  }
  return states;
}

/** Details of containers by name; absent ones are missing. */
export async function inspectContainers(
  engine: Engine,
  names: readonly string[],
): Promise<ReadonlyMap<string, ContainerDetails>> {
  if (names.length === 0) return new Map();
  const { code, stdout, stderr } = await engine.client.query(["container", "inspect", ...names]);
  // It prints what it found even when one of the names is gone.
  if (code !== 0 && failureCode(stderr) !== "container_absent") throw podmanFailure("inspect", stderr);
  return new Map(parseContainerDetails(decodeText(stdout)).map((each) => [each.name, each]));
}

/** Names of containers that the list calls running but whose process is gone. */
async function findDead(engine: Engine, rows: readonly ListedContainer[]): Promise<Set<string>> {
  if (engine.isRemote) return new Set();
  const running = rows.filter((row) => row.state === "running" && row.pid > 0);
  const identities = await Promise.all(running.map((row) => engine.host.processes.identify(row.pid)));
  return new Set(running.filter((_, index) => identities[index] === null).map((row) => row.name));
}

/** True when podman still calls it running although the process that would report its end is gone too. */
async function isUnwatched(engine: Engine, { state, watcherPid }: ContainerDetails): Promise<boolean> {
  return LIVE_STATES.has(state) && await engine.host.processes.identify(watcherPid) === null;
}

/** It ran, podman saw its end, and it has no process now. */
function isEnded(row: ListedContainer): boolean {
  return row.startedAtMicros !== null && row.endSeen && row.pid === 0 && !LIVE_STATES.has(row.state);
}

/** It ran and has no process, but podman never saw an end: the machine went down under it. */
function isLost(row: ListedContainer): boolean {
  return row.startedAtMicros !== null && !row.endSeen && row.pid === 0 &&
    (row.state === "exited" || UNSTARTED_STATES.has(row.state));
}

/** True when the whole seconds of the list do not order start and end, or its code does not tell the reason. */
function isOpen({ exitCode, startedAtMicros, finishedAtMicros }: ListedContainer): boolean {
  return needsDetails(exitCode) || (finishedAtMicros ?? 0) <= (startedAtMicros ?? 0);
}

function statusOf(
  row: ListedContainer,
  details: ContainerDetails | undefined,
  gone: boolean,
): ContainerStatus {
  const { id, name, labels, image, createdAtMicros, startedAtMicros, writtenBytes } = row;
  const known = { id, name, labels, image, createdAtMicros, startedAtMicros };
  const base = writtenBytes === null ? known : { ...known, writtenBytes };
  if (gone || isLost(row)) return { ...base, state: "exited", exit: UNSEEN_END };
  if (details !== undefined) return { ...base, ...detailedState(row, details) };
  if (!isEnded(row)) return { ...base, state: row.state, exit: null };
  const state = UNSTARTED_STATES.has(row.state) ? "exited" : row.state;
  if (isOpen(row) || startedAtMicros === null) return { ...base, state, exit: null };
  const exit = classifyExit({
    code: row.exitCode,
    startedAtMicros,
    finishedAtMicros: row.finishedAtMicros ?? startedAtMicros,
    oomKilled: false,
    memoryLimited: false,
    timeoutS: 0,
  });
  return { ...base, state, exit };
}

/** What the details add; they are younger than the row, so the container may have been started in between. */
function detailedState(
  row: ListedContainer,
  details: ContainerDetails,
): Pick<ContainerStatus, "state" | "startedAtMicros" | "exit"> {
  const { state, exitCode, startedAtMicros, finishedAtMicros } = details;
  const isStarting = UNSTARTED_STATES.has(state) && !UNSTARTED_STATES.has(row.state);
  const listedStart = startedAtMicros === null ? null : asListed(startedAtMicros);
  if (startedAtMicros === null || isStarting || LIVE_STATES.has(state)) {
    return { state, startedAtMicros: listedStart, exit: null };
  }
  const exit = classifyExit({
    ...details,
    code: exitCode,
    startedAtMicros,
    finishedAtMicros: finishedAtMicros ?? startedAtMicros,
  });
  return { state: UNSTARTED_STATES.has(state) ? "exited" : state, startedAtMicros: listedStart, exit };
}

/** In the whole seconds of the list: who compares two looks must not take one start for two. */
function asListed(micros: number): number {
  return Math.floor(micros / 1_000_000) * 1_000_000;
}
