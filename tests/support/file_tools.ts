/**
 * The system's file tools for a machine in memory, as far as carrel calls them.
 *
 * @module
 */
import type { CommandHandler, ScriptedResult } from "../../core/host/memory_processes.ts";
import type { MemoryHost } from "../../core/host/memory_host.ts";

/**
 * Plays `cp -a SOURCE/. TARGET`, `rm -rf PATH`, `sync -f PATH`, and the search for what leads out of a
 * repository, `find PATH ( -type l -o ... )`; other programs are not its own.
 */
export function newFileTools({ files }: Pick<MemoryHost, "files">): CommandHandler {
  return ({ argv }) => {
    const [program, ...words] = argv;
    const paths = words.filter((word) => !word.startsWith("-"));
    if (program === "sync") return {};
    if (program === "find" && paths[1] === "(") return printOutward(paths[0] ?? "");
    if (program === "rm") return succeed(Promise.all(paths.map(removeTree)));
    const [from, to] = paths;
    if (program !== "cp" || from === undefined || to === undefined) return undefined;
    return succeed(copyTree(from.replace(/\/\.$/, ""), to));
  };

  async function removeTree(path: string): Promise<void> {
    if ((await files.info(path))?.kind !== "directory") return void await files.removeFile(path);
    for (const { name } of await files.list(path)) await removeTree(`${path}/${name}`);
    await files.removeDir(path);
  }

  async function printOutward(path: string): Promise<ScriptedResult> {
    const leads = Object.entries(files.snapshot()).find(([name, text]) =>
      name.startsWith(`${path}/`) &&
      (text.startsWith("-> ") || /\/(objects\/info\/alternates|commondir)$/.test(name))
    );
    await Promise.resolve();
    return { stdout: leads === undefined ? "" : `${leads[0]}\n` };
  }

  async function copyTree(from: string, to: string): Promise<void> {
    for (const { name, kind } of await files.list(from)) {
      const [source, target] = [`${from}/${name}`, `${to}/${name}`];
      const mode = (await files.info(source))?.mode ?? 0;
      if (kind === "directory") {
        await files.makeDir(target, { mode });
        await copyTree(source, target);
      } else {
        await files.create(target, await files.read(source), { mode });
      }
    }
  }
}

async function succeed(work: Promise<unknown>): Promise<ScriptedResult> {
  await work;
  return {};
}
