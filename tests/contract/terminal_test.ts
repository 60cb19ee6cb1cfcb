import { newMemoryTerminal } from "../../core/host/memory_terminal.ts";
import { fromFileUrl } from "@std/path";
import { playScene, type SceneName } from "./terminal_scenes.ts";
import { type Play, terminalSuite } from "./terminal_suite.ts";

terminalSuite("memory terminal", (scene, stdin): Play => {
  const terminal = newMemoryTerminal({ stdin });
  const end = playScene(scene, terminal);
  return {
    ready: Promise.resolve(),
    raise: (signal) => void terminal.raise(signal),
    closeStdout: () => Promise.resolve(terminal.closeStdout()),
    said: end.then(() => ({ stdout: terminal.stdoutText(), stderr: terminal.stderrText() })),
  };
});

terminalSuite("real terminal", (scene, stdin): Play => {
  const child = start(scene);
  const ready = Promise.withResolvers<void>();
  const stdout = child.stdout.getReader();
  const stderr = child.stderr.getReader();
  return {
    ready: ready.promise,
    raise: (signal) => child.kill(signal),
    closeStdout: () => stdout.cancel(),
    said: talk(),
  };

  async function talk() {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
    const [saidToStdout, saidToStderr] = await Promise.all([
      gather(stdout, () => {}),
      gather(stderr, (text) => text.startsWith("ready\n") && ready.resolve()),
    ]);
    await child.status;
    return { stdout: saidToStdout, stderr: saidToStderr };
  }
});

function start(scene: SceneName): Deno.ChildProcess {
  const program = fromFileUrl(import.meta.resolve("./terminal_scenes.ts"));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "--allow-all", program, scene],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function gather(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  sofar: (text: string) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
    sofar(text);
  }
}
