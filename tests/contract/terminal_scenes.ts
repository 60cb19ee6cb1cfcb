/**
 * Scenes that a terminal plays; they report on its own outputs. Run as a program, this file plays the
 * scene named by its argument on the real terminal.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import { newDenoTerminal } from "../../core/host/deno_terminal.ts";
import { BrokenPipe, type Terminal } from "../../core/port/terminal.ts";

const SCENES = {
  "two-outputs": async ({ stdout, stderr }) => {
    await stdout.write("to stdout");
    await stderr.write(new TextEncoder().encode("to stderr"));
  },
  "widths": async ({ stdin, stdout, stderr }) => {
    const facts = [stdin.isTerminal, stdout.isTerminal, stderr.isTerminal, stdout.columns, stderr.columns];
    await stdout.write(facts.map(String).join(" "));
  },
  "long-texts": async ({ stdout }) => {
    await Promise.all(["a", "b", "c"].map((letter) => stdout.write(letter.repeat(200_000))));
  },
  "lines": async ({ stdin, stdout }) => {
    const lines: (string | null)[] = [];
    do lines.push(await stdin.readLine()); while (lines.at(-1) !== null);
    lines.push(await stdin.readLine());
    await stdout.write(JSON.stringify(lines));
  },
  "line-then-rest": async ({ stdin, stdout }) => {
    const first = await stdin.readLine();
    await stdout.write(`${first}|${new TextDecoder().decode(await stdin.readAll(1000))}`);
  },
  "at-most-ten": async ({ stdin, stdout }) => {
    try {
      await stdout.write(await stdin.readAll(10));
    } catch (error) {
      await stdout.write(isAppError(error) ? error.code : String(error));
    }
  },
  "first-of-two-signals": async (terminal) => {
    let heardByRemoved = false;
    const heard = Promise.withResolvers<void>();
    const remove = terminal.onSignal("SIGTERM", () => heardByRemoved = true);
    const removeKept = terminal.onSignal("SIGTERM", heard.resolve);
    remove();
    await terminal.stderr.write("ready\n");
    await heard.promise;
    removeKept();
    await terminal.stdout.write(`${heardByRemoved ? "removed" : "kept"} heard SIGTERM`);
  },
  "until-broken": async ({ stdout, stderr }) => {
    await stderr.write("ready\n");
    try {
      for (;;) await stdout.write("x".repeat(1000));
    } catch (error) {
      await stderr.write(error instanceof BrokenPipe ? error.name : String(error));
    }
  },
} as const satisfies Record<string, (terminal: Terminal) => Promise<void>>;

/** The name of a scene. */
export type SceneName = keyof typeof SCENES;

/** Plays a scene. */
export function playScene(name: SceneName, terminal: Terminal): Promise<void> {
  return SCENES[name](terminal);
}

function isSceneName(name: string | undefined): name is SceneName {
  return name !== undefined && Object.hasOwn(SCENES, name);
}

if (import.meta.main) {
  const [name] = Deno.args;
  if (isSceneName(name)) await playScene(name, newDenoTerminal());
}
