/**
 * A command under a lock: the lock lasts until the command has ended, whoever asks carrel to end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { MemoryTerminal } from "../../core/host/memory_terminal.ts";
import { decodeLockOwner } from "../../core/state/managers/lock_owner.ts";
import { newProgram, type Program } from "../support/program.ts";
import { errorOf } from "./output.ts";

/** A program whose machine has `work`, which lasts a minute; `during` happens a second after its start. */
function newPlace(during: (pid: number) => void | Promise<void> = () => {}): Program {
  const program = newProgram();
  const { clock, processes } = program.host;
  processes.onCommand(({ argv, pid }) => {
    if (argv[0] !== "work") return undefined;
    clock.sleep(1000).then(() => during(pid));
    return { durationMs: 60_000 };
  });
  return program;
}

async function heldPids({ state }: Program): Promise<(number | null)[]> {
  const rows = await state.resourceLock.listLocks();
  return rows.map(({ owner }) => {
    const decoded = decodeLockOwner(owner);
    return decoded?.kind === "process" ? decoded.pid : null;
  });
}

for (const [signal, exit] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`lock run passes ${signal} on, and waits for its command`, async () => {
    for (const flags of [[], ["--json"]]) {
      const seen: boolean[] = [];
      let terminal: MemoryTerminal | null = null;
      const program = newPlace(() => void seen.push(terminal?.raise(signal) ?? false));
      const ran = await program.run(["lock", "run", "dep", ...flags, "--", "work"], {
        onTerminal: (made) => terminal = made,
      });
      const { signals } = program.host.processes;
      assertEquals([ran.code, seen, signals.map((sent) => sent.signal)], [exit, [true], [signal]]);
      assertEquals(await heldPids(program), []);
    }
  });
}

Deno.test("lock run leaves Ctrl-C to its command", async () => {
  const seen: boolean[] = [];
  let terminal: MemoryTerminal | null = null;
  const program = newPlace(() => void seen.push(terminal?.raise("SIGINT") ?? false));
  const ran = await program.run(["lock", "run", "dep", "--", "work"], {
    onTerminal: (made) => terminal = made,
  });
  assertEquals([ran.code, seen, program.host.processes.signals.length], [0, [true], 0]);
});

Deno.test("the lock of lock run is its command's, so that it outlives carrel", async () => {
  const holders: (number | null)[] = [];
  const pids: number[] = [];
  const others: number[] = [];
  const program = newPlace(async (pid) => {
    pids.push(pid);
    holders.push(...await heldPids(program));
    const { processes } = program.host;
    processes.end(processes.self.pid);
    others.push((await program.run(["lock", "run", "dep", "--", "true"])).code);
  });
  assertEquals((await program.run(["lock", "run", "dep", "--", "work"])).code, 0);
  assertEquals([holders, others], [pids, [12]]);
});

Deno.test("lock run names a command that is missing, and speaks of no image", async () => {
  const ran = await newPlace().run(["lock", "run", "dep", "--json", "--", "nosuch"]);
  const { code, hint } = errorOf(ran) ?? {};
  assertEquals([ran.code, code, hint], [127, "start_failed", "see that the command is on PATH"]);
});

Deno.test("lock run of a command that cannot be executed is exit 126, and lets the lock go", async () => {
  const program = newPlace();
  const attach = () => {
    const details = { missing: false, program: "./notes.txt" };
    throw new AppError("command_failed", "cannot run ./notes.txt: Permission denied", { details });
  };
  const ran = await program.run(["lock", "run", "dep", "--", "./notes.txt"], {
    host: (host) => ({ ...host, processes: { ...host.processes, attach } }),
  });
  assertEquals([ran.code, await heldPids(program)], [126, []]);
  assertEquals(ran.stderr.split("\n")[1], "hint: see that the command can be executed");
});
