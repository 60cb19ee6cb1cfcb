/**
 * Whether real containers can run on this machine, and what tests of them need.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { isAppError } from "../../core/error.ts";
import type { RuntimeContext } from "../../core/port/plugin.ts";
import type { Runtime } from "../../core/port/runtime.ts";
import { ROOT_LABEL } from "../../runtimes/podman/container_names.ts";
import { randomHex } from "../../runtimes/random_hex.ts";

/** The image of the tests: busybox and git, made by `scripts/ci/test_image.sh`. */
export const TEST_IMAGE = Deno.env.get("CARREL_TEST_IMAGE") ?? "localhost/carrel-test";

const TRIAL_TIMEOUT_MS = 60_000;

const host = newDenoHost();

/** Why no container of the test image can run here; null when it can. Tries it. */
export async function whyNoPodman(): Promise<string | null> {
  const reason = await tryPodman();
  // CI sets podman up itself: there a missing one is a failure and no reason to skip.
  if (reason !== null && Deno.env.get("CARREL_TEST_PODMAN") === "required") {
    throw new Deno.errors.NotSupported(`podman is required here: ${reason}`);
  }
  return reason;
}

async function tryPodman(): Promise<string | null> {
  const trial = ["run", "--rm", "--pull", "never", "--network", "none", TEST_IMAGE, "true"];
  try {
    const { code, stderr } = await host.processes.run({
      argv: ["podman", ...trial],
      timeoutMs: TRIAL_TIMEOUT_MS,
    });
    if (code === 0) return null;
    return new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "podman run failed";
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
}

/** What the plugin is opened with: this machine and a root of the test's own. */
export function podmanContext(root: string): RuntimeContext {
  return { host, root, stateDir: `${root}/core`, setting: () => undefined };
}

/** A container name in the shape of carrel's, unlike any other. */
export function newContainerName(project: string): string {
  const digit = (host.random.bytes(1)[0] ?? 0) % 10;
  return `${project}-run-k${digit}${randomHex(host.random, 2).slice(1)}`;
}

/** A project name that no other test uses. */
export function newProjectName(): string {
  return `carrel-test-${randomHex(host.random, 4)}`;
}

/** Runs podman itself; its stdout. */
export async function podman(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("podman", { args }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** Removes what a runtime has made; containers without labels, which it would take for its own, are another test's. */
export async function removeMade(runtime: Runtime): Promise<void> {
  const made = [...await runtime.states({})].filter(([, { labels }]) => labels[ROOT_LABEL] !== undefined);
  await runtime.remove(made.map(([name]) => name));
}
