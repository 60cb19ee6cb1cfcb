import { newDenoHost } from "../../core/host/deno_host.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import type { ScriptedCommand, ScriptedResult } from "../../core/host/memory_processes.ts";
import { type HostBench, hostSuite } from "./host_suite.ts";

hostSuite("memory host", (): HostBench => {
  const host = newMemoryHost();
  host.processes.onCommand(playShell);
  const dir = "/tmp/laws";
  host.files.putDir(dir);
  return {
    host,
    dir,
    symlink: (target, path) => host.files.symlink(target, path),
    fifo: (path) => host.files.fifo(path),
    listen: () => {
      const port = 7000;
      host.network.listening.add(port);
      return { port, [Symbol.dispose]: () => void host.network.listening.delete(port) };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
});

hostSuite("real host", (): HostBench => {
  const dir = Deno.makeTempDirSync({ prefix: "carrel-host-laws-" });
  return {
    host: newDenoHost(),
    dir,
    symlink: (target, path) => Deno.symlinkSync(target, path),
    fifo: (path) => void new Deno.Command("mkfifo", { args: [path] }).outputSync(),
    listen: () => {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
});

/** The few programs that the laws run. */
function playShell({ argv, stdin }: ScriptedCommand): ScriptedResult | undefined {
  const [program, ...args] = argv;
  if (program === "cat") return { stdout: stdin };
  if (program === "sleep") return { durationMs: Number(args[0]) * 1000 };
  if (program !== "sh") return undefined;
  const [, code] = /^exit (\d+)$/.exec(args[1] ?? "") ?? [];
  const [, word] = /^echo (\w+) >&2$/.exec(args[1] ?? "") ?? [];
  return { code: Number(code ?? 0), stderr: word === undefined ? "" : `${word}\n` };
}
