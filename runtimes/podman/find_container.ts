/**
 * One container of this root, which must be there.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { ContainerStatus } from "../../core/port/runtime.ts";
import type { Engine } from "./engine.ts";
import { listStates } from "./list_containers.ts";

/** Its status; `container_absent`. */
export async function findContainer(engine: Engine, name: string): Promise<ContainerStatus> {
  const status = (await listStates(engine, { names: [name] })).get(name);
  if (status === undefined) throw new AppError("container_absent", `there is no container ${name}`);
  return status;
}

/** Fails with `container_absent`, or `wrong_state` when it does not run. */
export async function requireRunning(engine: Engine, name: string): Promise<void> {
  const { state } = await findContainer(engine, name);
  if (state !== "running") {
    throw new AppError("wrong_state", `container ${name} does not run: it is ${state}`);
  }
}
