/**
 * Commands beside a container: whose exit code, whose words.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import type { ScriptedResult } from "../../../core/host/memory_processes.ts";
import { listedJson } from "./podman_answers.ts";
import { complaint, noSuchContainer, scriptedPodman } from "./scripted_podman.ts";

const NAME = "demo-run-q7m2x";
const STOPPED = complaint(
  "can only create exec sessions on running containers: container state improper",
  255,
);

/** Runs a command whose podman answers so, in a container of this state (null = absent). */
async function exec(result: ScriptedResult, state: string | null): Promise<{ code: number; stderr: string }> {
  const { runtime } = scriptedPodman({
    exec: () => result,
    ps: () => ({ stdout: state === null ? "[]" : listedJson({ name: NAME, State: state, StartedAt: 5 }) }),
  });
  let stderr = "";
  const code = await runtime.exec(NAME, ["cmd"], {
    onOutput: (stream, data) => {
      if (stream === "stderr") stderr += new TextDecoder().decode(data);
    },
  });
  return { code, stderr };
}

for (const code of [0, 1, 125, 126, 127, 137, 255]) {
  Deno.test(`exec() passes the command's own exit code ${code} on`, async () => {
    assertEquals(await exec({ code, stderr: "Error: mine\n" }, "running"), { code, stderr: "Error: mine\n" });
  });
}

Deno.test("exec() believes a command that says podman's words while its container runs", async () => {
  for (const result of [noSuchContainer(NAME), STOPPED]) {
    const answer = await exec(result, "running");
    assertEquals(answer, { code: result.code ?? 0, stderr: String(result.stderr) });
  }
});

Deno.test("exec() believes them even after another code", async () => {
  assertEquals((await exec({ ...noSuchContainer(NAME), code: 3 }, null)).code, 3);
});

Deno.test("exec() in an absent container is container_absent and shows no output", async () => {
  const error = await assertRejects(() => exec(noSuchContainer(NAME), null), AppError);
  assertEquals(error.code, "container_absent");
});

Deno.test("exec() in a container that does not run is wrong_state", async () => {
  const error = await assertRejects(() => exec(STOPPED, "created"), AppError);
  assertEquals(error.code, "wrong_state");
});

Deno.test("exec() hands over stdin, workdir and environment", async () => {
  const { runtime, host } = scriptedPodman({ exec: () => ({}) });
  await runtime.exec(NAME, ["cat", "--", "-x"], {
    stdin: new TextEncoder().encode("in"),
    workdir: "/w",
    env: { TOKEN: "secret" },
    onOutput: () => {},
  });
  const [command] = host.processes.commands;
  assertEquals(command?.argv.slice(1), [
    ...["exec", "--interactive", "--workdir", "/w", "--env", "TOKEN", NAME, "cat", "--", "-x"],
  ]);
  assertEquals(command?.env, { TOKEN: "secret" });
  assertEquals(new TextDecoder().decode(command?.stdin), "in");
});

Deno.test("exec() ends podman after its time, when aborted, and when nobody listens any more", async () => {
  const endless = () => scriptedPodman({ exec: () => ({ durationMs: Infinity, stdout: "x" }) });
  const quiet = { onOutput: () => {} };

  const timed = endless();
  const error = await assertRejects(
    () => timed.runtime.exec(NAME, ["a"], { ...quiet, timeoutMs: 50 }),
    AppError,
  );
  assertEquals(error.code, "runtime_timeout");
  assert(timed.host.processes.signals.length > 0);

  const controller = new AbortController();
  const aborted = endless();
  const running = aborted.runtime.exec(NAME, ["a"], { ...quiet, signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  assertEquals(await assertRejects(() => running, Error), reason);

  const deaf = endless();
  const broken = new Error("closed");
  const listening = deaf.runtime.exec(NAME, ["a"], { onOutput: () => Promise.reject(broken) });
  assertEquals(await assertRejects(() => listening, Error), broken);
  assert(deaf.host.processes.signals.length > 0);
});

Deno.test("loginArgv() goes through the connection", async () => {
  const { runtime } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: NAME, State: "running", StartedAt: 5 }) }),
  }, { settings: { "runtime.podman.connection": "far" } });
  const argv = await runtime.loginArgv(NAME, ["sh"]);
  assertEquals(argv.join(" "), `podman --connection far exec --interactive --tty ${NAME} sh`);
});
