/**
 * Ending a container: a request, a grace, a kill, each bounded in time.
 *
 * @module
 */
import { AppError, isAppError } from "../../core/error.ts";
import type { Engine } from "./engine.ts";
import { failureCode, podmanFailure } from "./failure.ts";
import { listStates, LIVE_STATES } from "./list_containers.ts";

/** For podman's own work after the grace: the kill, the exit file, the network. */
const STOP_SLACK_MS = 30_000;

/**
 * Stops a container; `container_absent`, `runtime_timeout` when it lives on after all.
 */
export async function stopContainer(engine: Engine, name: string, graceMs: number): Promise<void> {
  try {
    const stderr = await tryStop(engine, name, graceMs);
    if (stderr === null) return;
    // A paused one cannot be stopped by podman 4.3.
    if (failureCode(stderr) !== "wrong_state") throw podmanFailure("stop", stderr);
    await engine.client.run(["unpause", name]);
    const again = await tryStop(engine, name, graceMs);
    if (again !== null) throw podmanFailure("stop", again);
  } catch (error) {
    if (!isAppError(error, "runtime_timeout")) throw error;
    await killStuck(engine, name, error);
  }
}

/** What podman complained of; null when it did as told. */
async function tryStop(engine: Engine, name: string, graceMs: number): Promise<string | null> {
  const graceS = Math.ceil(graceMs / 1000);
  const { code, stderr } = await engine.client.runBesides(
    ["stop", "--time", String(graceS), name],
    { timeoutMs: graceS * 1000 + STOP_SLACK_MS },
  );
  return code === 0 ? null : stderr;
}

async function killStuck(engine: Engine, name: string, cause: AppError): Promise<void> {
  await engine.client.run(["kill", "--signal", "KILL", name]);
  const state = (await listStates(engine, { names: [name] })).get(name)?.state ?? "";
  if (!LIVE_STATES.has(state)) return;
  throw new AppError(
    "runtime_timeout",
    `${name} is ${state} although podman was told to stop and to kill it`,
    {
      cause,
      hint: "look for a podman command that hangs, end it and try again",
    },
  );
}
