/**
 * Waiting for the end of a container.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { ExitReport } from "../../core/port/runtime.ts";
import type { Engine } from "./engine.ts";
import { decodeText } from "./engine_text.ts";
import { reportCode } from "./exit_report.ts";
import { failureCode, podmanFailure } from "./failure.ts";
import { findContainer } from "./find_container.ts";
import { LIVE_STATES } from "./list_containers.ts";

/** Between two looks at a container that podman cannot wait for: one that has not been started yet. */
const PAUSE_MS = 100;

/**
 * The report of the end. podman's own `wait` only tells when to look: for a container that never ran it
 * answers 0 at once. `container_absent`, `wait_timeout`, the signal's reason.
 */
export async function waitContainer(
  engine: Engine,
  name: string,
  { timeoutMs, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<ExitReport> {
  const over = new AbortController();
  const ended = new AbortController();
  if (timeoutMs !== undefined) {
    const expire = () =>
      over.abort(new AppError("wait_timeout", `${name} is still running after ${timeoutMs / 1000} s`));
    engine.host.clock.sleep(timeoutMs, ended.signal).then(expire, () => {});
  }
  try {
    return await watch(
      engine,
      name,
      AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]),
    );
  } finally {
    ended.abort();
  }
}

async function watch(engine: Engine, name: string, signal: AbortSignal): Promise<ExitReport> {
  let awaited: { readonly startedAtMicros: number | null; readonly code: number } | null = null;
  for (;;) {
    signal.throwIfAborted();
    const { state, startedAtMicros, exit } = await findContainer(engine, name);
    if (exit !== null) return exit;
    if (awaited !== null && awaited.startedAtMicros !== startedAtMicros) {
      // It ended and was started again before anybody could look.
      return reportCode(awaited.code);
    }
    if (awaited === null && LIVE_STATES.has(state)) {
      const code = await awaitEnd(engine, name, signal);
      if (code !== null) awaited = { startedAtMicros, code };
    } else {
      await engine.host.clock.sleep(PAUSE_MS, signal);
    }
  }
}

/** What `podman wait` prints; null when the container has gone meanwhile. */
async function awaitEnd(engine: Engine, name: string, signal: AbortSignal): Promise<number | null> {
  const { code, stdout, stderr } = await engine.client.runBesides(["wait", "--interval", "100ms", name], {
    signal,
    timeoutMs: Infinity,
  });
  if (code === 0) return Number.parseInt(decodeText(stdout), 10);
  if (failureCode(stderr) === "container_absent") return null;
  throw podmanFailure("wait", stderr);
}
