/**
 * What commands work with: the world, opened on first use.
 *
 * @module
 */
import { resolve } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { defineCommand } from "../cli/define_command.ts";
import type { Globals } from "../cli/global_flags.ts";
import type { Io } from "../cli/io.ts";
import type { Host } from "../port/host.ts";
import type { Terminal } from "../port/terminal.ts";

/** Values that flags give to configuration keys, for one command. */
export type FlagSettings = Readonly<Record<string, { readonly value: unknown; readonly flag: string }>>;

/** How the world is opened; `main.ts` knows the real way. */
export type OpenWorld = (options: {
  readonly root?: string;
  readonly configDir?: string;
  readonly lockTimeoutMs: number;
  readonly flags: FlagSettings;
  readonly notify: Carrel["notify"];
}) => Promise<Carrel>;

/** The commands' side of one run of the program. */
export interface App extends AsyncDisposable {
  readonly io: Io;
  readonly host: Host;
  readonly terminal: Terminal;
  readonly globals: Globals;
  /**
   * Opens carrel, with values for configuration keys that this command's flags give. What it has to say
   * goes to `notify`; default: stderr.
   */
  carrel(flags?: FlagSettings, notify?: Carrel["notify"]): Promise<Carrel>;
}

/** Makes the app of one run. */
export function newApp(host: Host, terminal: Terminal, open: OpenWorld, globals: Globals, io: Io): App {
  const tell: Carrel["notify"] = ({ kind, text }) => kind === "warning" ? io.warn(text) : io.notice(text);
  const absolute = (path: string) => resolve(host.system.cwd, path);
  const opened: Carrel[] = [];
  return {
    io,
    host,
    terminal,
    globals,
    async carrel(flags = {}, notify = tell) {
      const carrel = await open({
        ...(globals.root === null ? {} : { root: absolute(globals.root) }),
        ...(globals.configDir === null ? {} : { configDir: absolute(globals.configDir) }),
        lockTimeoutMs: globals.lockTimeoutMs,
        flags,
        notify,
      });
      opened.push(carrel);
      return carrel;
    },
    async [Symbol.asyncDispose]() {
      for (const carrel of opened) await carrel.close();
    },
  };
}

/** Declares one of carrel's commands. */
export const command = defineCommand<App>();
