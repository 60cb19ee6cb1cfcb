/**
 * Signals that end the waiting for resources: an answer, and nothing left behind.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { MemoryTerminal } from "../../core/host/memory_terminal.ts";
import type { TerminalSignal } from "../../core/port/terminal.ts";
import { CONFIG, newProgram, type Program, projectFile, type Ran } from "../support/program.ts";
import { errorOf, parseLines } from "./output.ts";
import { fakeProject } from "./scene.ts";

/** A program with one slot, which a task has, and the lock `dep`, which a script has. */
async function newBusyPlace(): Promise<Program> {
  const program = newProgram({
    files: {
      [projectFile("demo")]: fakeProject({ duration_ms: 1e9 }),
      [`${CONFIG}/config.yml`]: "limits: {slots: 1}\n",
    },
  });
  await program.run(["task", "run", "demo", "--detach", "--", "serve"]);
  await program.run(["lock", "acquire", "dep", "--ttl", "1d"]);
  return program;
}

/** Sends the signal once somebody waits; what the waiting command said. */
async function interruptWait(
  { run, state, host }: Program,
  signal: TerminalSignal,
  argv: readonly string[],
): Promise<Ran> {
  const terminals: MemoryTerminal[] = [];
  const running = run(argv, { onTerminal: (terminal) => void terminals.push(terminal) });
  while ((await state.resourceLock.listTickets()).length === 0) await host.clock.sleep(10);
  assertEquals(terminals.map((terminal) => terminal.raise(signal)), [true]);
  return await running;
}

const WAITING = [
  ["task run", ["task", "run", "demo", "--wait", "--detach", "--json", "--", "work"]],
  ["lock acquire", ["lock", "acquire", "dep", "--ttl", "1m", "--wait", "--json"]],
  ["lock run", ["lock", "run", "dep", "--wait", "--json", "--", "work"]],
] as const;

for (const [name, argv] of WAITING) {
  Deno.test(`${name} --wait leaves on a signal with an error, and leaves nothing behind`, async () => {
    const program = await newBusyPlace();
    for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
      const ran = await interruptWait(program, signal, argv);
      const error = errorOf(ran);
      assertEquals([ran.code, error?.code, error?.exit], [exit, "interrupted", exit]);
      assertEquals(await program.state.resourceLock.listTickets(), []);
      const unfinished = await program.run(["op", "list", "--unfinished", "--json"]);
      assertEquals(JSON.parse(unfinished.stdout), []);
    }
    const tasks = await program.run(["task", "list", "demo", "--json"]);
    assertEquals(JSON.parse(tasks.stdout).length, 1);
  });
}

Deno.test("a signal while one of several tasks waits is the end of them all", async () => {
  const program = await newBusyPlace();
  const addresses: string[] = [];
  for (const name of ["one", "two"]) {
    addresses.push((await program.run(["-q", "task", "new", "demo", "--name", name])).stdout.trim());
  }
  const [holder = ""] = (await program.run(["-q", "task", "list", "demo", "--status", "running"])).stdout
    .split("\n");
  await program.run(["task", "stop", holder]);
  for (const address of addresses) {
    await program.run(["task", "run", address, "--detach", "--", "work"]);
    await program.run(["task", "stop", address]);
  }
  await program.run(["task", "start", holder]);
  const ran = await interruptWait(program, "SIGINT", ["task", "start", "--wait", "--json", ...addresses]);
  const [answer] = parseLines(ran.stdout);
  assertEquals([ran.code, errorOf(ran)?.code], [130, "interrupted"]);
  assertEquals((answer?.items as unknown[]).length, 1);
});
