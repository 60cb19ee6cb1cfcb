/**
 * The system's file tools for a machine in memory, as far as carrel calls them.
 *
 * @module
 */
import type { CommandHandler, ScriptedResult } from "../../core/host/memory_processes.ts";
import type { MemoryHost } from "../../core/host/memory_host.ts";

/** Plays `cp -a SOURCE/. TARGET`, `rm -rf PATH` and `sync -f PATH`; other programs are not its own. */
export function newFileTools({ files }: Pick<MemoryHost, "files">): CommandHandler {
  return ({ argv }) => {
    const [program, ...words] = argv;
    const paths = words.filter((word) => !word.startsWith("-"));
    if (program === "sync") return {};
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
