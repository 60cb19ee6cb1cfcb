/**
 * Opens the real world, runs one command line, exits once.
 *
 * @module
 */
import { runCli } from "./core/cli/run_cli.ts";
import { newApp, type OpenWorld } from "./core/commands/app.ts";
import { COMMANDS } from "./core/commands/mod.ts";
import { newDenoHost } from "./core/host/deno_host.ts";
import { newDenoTerminal } from "./core/host/deno_terminal.ts";

const host = newDenoHost();
const [first, ...rest] = Deno.args;

if (first === "__supervise") {
  // The process runtime starts this program again to watch over a task.
  const { supervise } = await import("./runtimes/process/supervise.ts");
  Deno.exit(await supervise(host, rest[0] ?? ""));
}

const terminal = newDenoTerminal();
// Loaded when a command asks for it: help and version need no world.
const open: OpenWorld = async (options) => {
  const { openCarrel } = await import("./core/open_carrel.ts");
  return await openCarrel({ host, ...options });
};
const status = await runCli({
  argv: Deno.args,
  table: COMMANDS,
  terminal,
  env: host.env,
  newApp: (globals, io) => newApp(host, terminal, open, globals, io),
});
Deno.exit(status);
