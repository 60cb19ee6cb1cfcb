/**
 * One more command in a running container.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { Child } from "../../core/port/host.ts";
import type { ExecOptions, LogStream } from "../../core/port/runtime.ts";
import { endChild } from "./end_child.ts";
import type { Engine } from "./engine.ts";
import { decodeText } from "./engine_text.ts";
import { isRefusal } from "./failure.ts";
import { requireRunning } from "./find_container.ts";
import { withPrivateEnv } from "./private_env.ts";

/** Exit codes of podman itself when it does not run the command; a command may end with them too. */
const REFUSAL_CODES = [125, 255];

/** A signal that ended podman has no number here. */
const UNKNOWN_SIGNAL_EXIT = 255;

/**
 * Runs the command; its exit code. When it is given up the command itself goes on inside until it ends or
 * its container does: podman has no way to end it. `container_absent`, `wrong_state`, `runtime_timeout`, the
 * signal's reason, and what `onOutput` fails with.
 */
export async function execInContainer(
  engine: Engine,
  name: string,
  argv: readonly [string, ...string[]],
  options: ExecOptions,
): Promise<number> {
  const { stdin = "null", workdir, env = {}, signal } = options;
  signal?.throwIfAborted();
  return await withPrivateEnv(engine, env, async ({ names, file, call }) => {
    const args = [
      "exec",
      ...(stdin === "null" ? [] : ["--interactive"]),
      ...(workdir === undefined ? [] : ["--workdir", workdir]),
      ...(file === null ? [] : ["--env-file", file]),
      ...names.flatMap((each) => ["--env", each]),
      name,
      ...argv,
    ];
    const child = await engine.client.spawn(args, { ...call, stdin });
    const output = new ExecOutput(options.onOutput);
    const code = await run(engine, child, output, options);
    // The command may have said the same words, so the container decides.
    if (output.hasRefusal && REFUSAL_CODES.includes(code)) await requireRunning(engine, name);
    await output.flush();
    return code;
  });
}

async function run(engine: Engine, child: Child, output: ExecOutput, options: ExecOptions): Promise<number> {
  const { clock } = engine.host;
  const over = new AbortController();
  const ended = new AbortController();
  const unwanted = AbortSignal.any([over.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  unwanted.addEventListener("abort", () => void endChild(clock, child), { once: true });
  if (options.timeoutMs !== undefined) {
    const expire = () => over.abort(new AppError("runtime_timeout", "the command took too long"));
    clock.sleep(options.timeoutMs, ended.signal).then(expire, () => {});
  }
  const pump = async (stream: LogStream) => {
    for await (const data of child[stream]) {
      // After a failure of the receiver the rest is read and dropped, so that the child can end.
      if (!over.signal.aborted) await output.pass(stream, data).catch((error) => over.abort(error));
    }
  };
  try {
    const [{ code }] = await Promise.all([child.status, pump("stdout"), pump("stderr")]);
    unwanted.throwIfAborted();
    return code ?? UNKNOWN_SIGNAL_EXIT;
  } finally {
    ended.abort();
  }
}

/** Passes output on, but holds back what may be podman's own refusal until it is clear whose words it is. */
class ExecOutput {
  readonly #onOutput: ExecOptions["onOutput"];
  #held: Uint8Array<ArrayBuffer> | null = null;
  #hasBegun = false;

  constructor(onOutput: ExecOptions["onOutput"]) {
    this.#onOutput = onOutput;
  }

  get hasRefusal(): boolean {
    return this.#held !== null;
  }

  async pass(stream: LogStream, data: Uint8Array<ArrayBuffer>): Promise<void> {
    // podman writes its refusal at once, and nothing else.
    if (!this.#hasBegun && stream === "stderr" && isRefusal(decodeText(data))) {
      this.#hasBegun = true;
      this.#held = data;
      return;
    }
    this.#hasBegun = true;
    await this.flush();
    await this.#onOutput(stream, data);
  }

  async flush(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    if (held !== null) await this.#onOutput("stderr", held);
  }
}
