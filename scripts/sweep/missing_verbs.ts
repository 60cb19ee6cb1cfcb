/**
 * Commands that change something and that the sweep does not know.
 *
 * @module
 */
import { runBounded } from "./run_bounded.ts";
import type { SweptVerb } from "./verbs.ts";

const AT_ONCE = 4;

/** Asks the program itself: what takes an idempotency key changes something. */
export async function missingVerbs(program: string, verbs: readonly SweptVerb[]): Promise<string[]> {
  const left = commandsIn(await help(program, []));
  const missing: string[] = [];
  const look = async () => {
    for (let command = left.shift(); command !== undefined; command = left.shift()) {
      if (verbs.some((verb) => verb.command === command)) continue;
      if ((await help(program, command.split(" "))).includes('"--idempotency-key"')) missing.push(command);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return missing.sort();
}

/**
 * The commands in the answer of `carrel help --json`.
 *
 * @example
 * ```ts
 * import { commandsIn } from "./missing_verbs.ts";
 * import { assertEquals } from "@std/assert";
 * const help = { path: "carrel", sections: [{ commands: [{ path: "task new" }, { path: "help" }] }] };
 * assertEquals(commandsIn(JSON.stringify(help)), ["task new", "help"]);
 * ```
 */
export function commandsIn(help: string): string[] {
  const { sections }: { sections: readonly { readonly commands: readonly { readonly path: string }[] }[] } =
    JSON
      .parse(help);
  return sections.flatMap(({ commands }) => commands.map(({ path }) => path));
}

async function help(program: string, command: readonly string[]): Promise<string> {
  const env = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" };
  const { code, stdout, stderr } = await runBounded([program, "help", ...command, "--json"], {
    env,
    cwd: "/",
  });
  if (code !== 0) throw new Deno.errors.InvalidData(`${program} help ${command.join(" ")}: ${stderr}`);
  return stdout;
}
