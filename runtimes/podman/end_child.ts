/**
 * Ending a podman command that is no longer wanted.
 *
 * @module
 */
import type { Child, Clock } from "../../core/port/host.ts";

/** How long it may take to obey. */
const GRACE_MS = 2000;

/** Asks the child to end, kills it after a moment, and resolves when it is gone. */
export async function endChild(clock: Pick<Clock, "sleep">, child: Child): Promise<void> {
  const ended = new AbortController();
  const gone = child.status.finally(() => ended.abort());
  child.kill("SIGTERM");
  clock.sleep(GRACE_MS, ended.signal).then(() => child.kill("SIGKILL"), () => {});
  await gone;
}
