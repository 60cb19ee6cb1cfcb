/**
 * What a running task takes of what there is only so much of: slots, memory, GPUs, ports.
 *
 * A task's hold ends when its runtime says that its container does not run; whoever needs the room asks. Each
 * start takes it anew.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { Project } from "../query/open_project.ts";
import type { TaskRef } from "../query/find_task.ts";
import type { Amounts } from "../state/contracts/resource_lock.ts";
import { ResourceContentionError } from "../state/errors.ts";
import {
  type ContainerOwner,
  decodeLockOwner,
  encodeLockOwner,
  type LockOwner,
  processOwner,
} from "../state/managers/lock_owner.ts";
import { type HoldResult, ResourceLockManager } from "../state/managers/resource_lock_manager.ts";
import type { Operation } from "./operation.ts";
import { newOwnerJudge } from "./new_owner_judge.ts";

/** Whether to wait for others to let go. */
export interface WaitOptions {
  /** Milliseconds to wait, Infinity for as long as it takes; absent: not at all. */
  readonly waitMs?: number;
  /** Carries the waiting out; the signal that it hands on ends it. Default: nothing ends it early. */
  readonly whileWaiting?: WhileWaiting;
}

/** Runs something that waits until the signal is aborted. */
export type WhileWaiting = <Result>(wait: (leave: AbortSignal) => Promise<Result>) => Promise<Result>;

/** Whose container is to run. */
export interface Holder {
  readonly project: Pick<Project, "id" | "config">;
  readonly ref: TaskRef;
  readonly runtime: string;
  /** The container's name. */
  readonly name: string;
  /** The host port of a container that is there already; it needs the same one again. */
  readonly hostPort?: number | null;
}

/** Resources that are host ports have a name that no configured resource can have. */
const PORT_PREFIX = "port:";

/** As long as it takes, in a number that every store can count with. */
const FOREVER_S = 10 * 365 * 86_400;

/** How long the store's write lock is tried for when nobody is waited for. */
const STORE_TIMEOUT_S = 10;

/** The name under which a task holds its resources. */
export function resourceFlow({ project, id }: TaskRef): string {
  return `${project}/${id}`;
}

/** The resource that a host port is. */
export function portResource(port: number): string {
  return `${PORT_PREFIX}${port}`;
}

/** The locks of this carrel, with the capacities of a configuration. */
export async function openLocks(carrel: Carrel, config: Project["config"]): Promise<ResourceLockManager> {
  return new ResourceLockManager({
    storage: (await carrel.state()).resourceLock,
    clock: carrel.host.clock,
    random: carrel.host.random,
    availabilityProvider: (resource) => capacities(config, { [resource]: 1 })[resource] ?? 1,
    judgeOwner: newOwnerJudge(carrel),
  });
}

/**
 * Takes what `run.resources` asks for, as one step of the operation. Errors: `config_missing` (a resource without
 * a limit), `insufficient_capacity` (exit 12), `wait_timeout` (exit 7). A dry run looks and takes nothing.
 */
export async function holdResources(
  carrel: Carrel,
  op: Operation,
  holder: Holder,
  waiting: WaitOptions,
): Promise<void> {
  const { config } = holder.project;
  const port = holder.hostPort ?? null;
  const wanted = { ...wantedResources(config), ...(port === null ? {} : { [portResource(port)]: 1 }) };
  if (Object.keys(wanted).length === 0) return;
  const names = Object.entries(wanted).map(([name, amount]) => `${amount} ${name}`).join(", ");
  if (op.dryRun) await refuseLacking(carrel, config, { flow: resourceFlow(holder.ref), wanted });
  await op.step("hold resources", names, () => hold(carrel, holder, wanted, waiting));
}

/** What a task takes: one slot where slots are limited, and what it says. */
function wantedResources(config: Project["config"]): Amounts {
  const limits = config.get("limits");
  const asked = config.get("run.resources");
  const unlimited = Object.keys(asked).find((name) => limits[name] === undefined);
  if (unlimited !== undefined) {
    throw new AppError("config_missing", `run.resources asks for ${unlimited}, which has no limit`, {
      hint: `say how much there is: limits.${unlimited} in config.yml`,
    });
  }
  return { ...(limits["slots"] === undefined ? {} : { slots: 1 }), ...asked };
}

async function hold(
  carrel: Carrel,
  holder: Holder,
  wanted: Amounts,
  { waitMs, whileWaiting }: WaitOptions,
): Promise<void> {
  const owner = await launchingOwner(carrel, holder);
  const flow = resourceFlow(holder.ref);
  await acquire(carrel, holder.project.config, {
    flow,
    wanted,
    owner,
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(whileWaiting === undefined ? {} : { whileWaiting }),
  });
}

/** What is to be acquired, by whom and for whom. */
export interface Acquisition extends WaitOptions {
  readonly flow: string;
  readonly wanted: Amounts;
  readonly owner: LockOwner;
  /** Default: it does not end by itself. */
  readonly ttlMs?: number;
}

/** A hold. */
export interface Acquired {
  /** Fences: a later hold has a greater one. */
  readonly token: number;
  /** When it ends by itself, RFC 3339; null = never. */
  readonly expires_at: string | null;
}

/** Acquires all or nothing. Errors: see {@linkcode holdResources}, and `lock_timeout` of the store. */
export async function acquire(
  carrel: Carrel,
  config: Project["config"],
  { flow, wanted, owner, waitMs = 0, whileWaiting, ttlMs }: Acquisition,
): Promise<Acquired> {
  const locks = await openLocks(carrel, config);
  const waits = waitMs > 0;
  const timeoutSec = waits ? Math.min(waitMs / 1000, FOREVER_S) : STORE_TIMEOUT_S;
  const ttl = ttlMs === undefined ? {} : { ttlMs };
  const options = { owner, wait: waits, ...ttl };
  const answer = waits && whileWaiting !== undefined
    ? await whileWaiting((signal) => locks.hold(flow, wanted, timeoutSec, { ...options, signal }))
    : await locks.hold(flow, wanted, timeoutSec, options);
  if (answer.result !== "ACQUIRED") throw lacking(answer, wanted, capacities(config, wanted), waits);
  const row = (await locks.listLocks()).find(({ dfid }) => dfid === flow);
  if (row === undefined && ttlMs !== undefined) {
    throw new AppError("lock_timeout", `it was held for ${ttlMs} ms, which are over already`, {
      hint: "take it for a longer time",
    });
  }
  return { token: answer.token, expires_at: row?.expires_at ?? null };
}

/** How much there is of what is wanted: what its limit says, else one, as of a port or of any other name. */
function capacities(config: Project["config"], wanted: Amounts): Amounts {
  const limits = config.get("limits");
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, limits[name] ?? 1]));
}

/**
 * Predicts for a dry run what {@linkcode acquire} would refuse: what others hold who are not gone counts, and
 * nobody is taken over.
 */
export async function refuseLacking(
  carrel: Carrel,
  config: Project["config"],
  { flow, wanted }: Pick<Acquisition, "flow" | "wanted">,
): Promise<void> {
  const limits = capacities(config, wanted);
  const judge = newOwnerJudge(carrel);
  const held = await (await carrel.existingState())?.resourceLock.listLocks() ?? [];
  for (const [name, amount] of Object.entries(wanted)) {
    let free = limits[name] ?? 1;
    for (const row of held) {
      if (row.resource_id !== name || row.dfid === flow) continue;
      const owner = decodeLockOwner(row.owner);
      if (owner === null || await judge(owner) !== "gone") free -= row.amount;
    }
    if (amount > free) {
      throw lacking({ result: "INSUFFICIENT_LIQUIDITY", resource_id: name, free }, wanted, limits, false);
    }
  }
}

function lacking(
  answer: Exclude<HoldResult, { result: "ACQUIRED" }>,
  wanted: Amounts,
  limits: Amounts,
  waited: boolean,
): AppError {
  if (answer.result === "RESOURCE_CONTENTION_TIMEOUT") {
    return new ResourceContentionError("the state store was busy for too long", { hint: "try again" });
  }
  const { resource_id: name, free } = answer;
  const details = { resource: name, free };
  const isHopeless = Object.entries(wanted).some(([id, amount]) => amount > (limits[id] ?? 0));
  const what = name === null
    ? "others wait for the same resources"
    : `${wanted[name]} of ${name} are needed, and ${free} of ${limits[name]} are free`;
  if (waited && !isHopeless) {
    return new AppError("wait_timeout", `the time is up: ${what}`, { hint: "wait longer", details });
  }
  return new AppError("insufficient_capacity", what, {
    hint: isHopeless ? "raise the limit, or ask for less" : "stop other tasks, or give --wait",
    details,
  });
}

/** The container that is to run, and this process, which is about to start it. */
async function launchingOwner(carrel: Carrel, holder: Holder): Promise<ContainerOwner> {
  const launcher = await processOwner(carrel.host, carrel.host.system.pid);
  return { ...runningOwner(carrel, holder), ...(launcher === null ? {} : { launcher }) };
}

function runningOwner({ host }: Carrel, { project, runtime, name }: Holder): ContainerOwner {
  return { kind: "container", host: host.system.hostname, runtime, project: project.id, name };
}

/** Holds one more resource for a launch; false when somebody else has it. */
export async function holdOne(carrel: Carrel, holder: Holder, resource: string): Promise<boolean> {
  const locks = await openLocks(carrel, holder.project.config);
  const owner = await launchingOwner(carrel, holder);
  const answer = await locks.hold(resourceFlow(holder.ref), { [resource]: 1 }, STORE_TIMEOUT_S, { owner });
  return answer.result === "ACQUIRED";
}

/** From now on the container alone holds what its task holds: it runs. */
export async function handOver(carrel: Carrel, holder: Holder): Promise<void> {
  const { resourceLock } = await carrel.state();
  const flow = resourceFlow(holder.ref);
  if (!(await resourceLock.listLocks()).some(({ dfid }) => dfid === flow)) return;
  const owner = encodeLockOwner(runningOwner(carrel, holder));
  await resourceLock.acquireWithin(flow, {}, {}, { owner, timeoutSec: STORE_TIMEOUT_S });
}

/**
 * Lets go of everything that a task without a running container holds. Where that cannot be recorded, whoever wants
 * it finds out by itself.
 */
export async function releaseResources(carrel: Carrel, ref: TaskRef): Promise<void> {
  try {
    await (await carrel.state()).resourceLock.release(resourceFlow(ref));
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}
