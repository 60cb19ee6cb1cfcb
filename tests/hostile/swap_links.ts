/**
 * An agent that means harm: as fast as it can it puts links to a place outside where carrel reads and writes.
 *
 *   deno run -A swap_links.ts TASKS OUTSIDE SECRET
 *
 * Below TASKS are the task directories. It does what a container can: it changes what is in the workspace and in
 * agent-config, and never those two themselves. It says a line when every place has been a link once, and one for
 * each file in which it finds the text SECRET, which stands outside.
 *
 * @module
 */
import { join } from "@std/path";

const [tasks = "", outside = "", secret = ""] = Deno.args;
const NAMES = [
  ...["prompt.txt", "prompt-history.txt", "init.sh", ".ready", ".base", "agent.token", "web.token"],
  ...["work-status.yml", "pending-phase.yml", "escalation.yml", "decision.yml"],
];
const AGED = ".prompt.txt.0123456789abcdef.tmp";
const TARGETS = ["secret", "dir", "dir/inner", "new"];
const QUESTION = "reason: may I?\nproposal: {do: it}\n";
/** Between two rounds: carrel must get some of its work done. */
const PAUSE_MS = 2;

for (let round = 0;; round++) {
  for (const task of namesIn(tasks)) {
    const agentDir = join(tasks, task, "agent-config");
    for (const name of namesIn(agentDir)) await look(join(agentDir, name));
    for (const [at, name] of NAMES.entries()) swap(agentDir, name, round + at);
    for (const name of namesIn(agentDir)) {
      // A file of carrel's that is on its way to its name.
      if (name.endsWith(".tmp") && name !== AGED) putLink(agentDir, name, join(outside, "secret"));
    }
    plantAged(agentDir);
    const workspace = join(tasks, task, "workspace-dangerous");
    for (const name of ["a", "b", ".git"]) swapDirectory(workspace, name);
  }
  if (round === TARGETS.length * 3) await say("all were links");
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** What a task reads in a file that is its own, it has. */
async function look(path: string): Promise<void> {
  try {
    if (Deno.lstatSync(path).isFile && Deno.readTextFileSync(path).includes(secret)) {
      await say(`leaked: ${path}`);
    }
  } catch {
    // It is gone.
  }
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

function swap(dir: string, name: string, turn: number): void {
  // What carrel itself reads and keeps is a file.
  const target = name === "prompt.txt" ? "secret" : TARGETS[turn % TARGETS.length] ?? "";
  const kind = Math.floor(turn / TARGETS.length) % 3;
  if (kind === 0) return putLink(dir, name, join(outside, target));
  attempt(() => {
    const path = join(dir, name);
    Deno.removeSync(path);
    if (kind === 1) {
      Deno.mkdirSync(path);
      Deno.symlinkSync(join(outside, "dir"), join(path, "link"));
    } else Deno.writeTextFileSync(path, QUESTION, { createNew: true });
  });
}

/** Atomically, in place of what is there. */
function putLink(dir: string, name: string, target: string): void {
  const path = join(dir, name);
  // What is in a directory of ours is links, which are removed and not followed.
  attempt(() => Deno.lstatSync(path).isDirectory && Deno.removeSync(path, { recursive: true }));
  attempt(() => {
    const hidden = join(dir, ".link");
    attempt(() => Deno.removeSync(hidden));
    Deno.symlinkSync(target, hidden);
    Deno.renameSync(hidden, path);
  });
}

function swapDirectory(workspace: string, name: string): void {
  const path = join(workspace, name);
  attempt(() => {
    if (Deno.lstatSync(path).isSymlink) Deno.removeSync(path);
    else Deno.removeSync(path, { recursive: true });
  });
  attempt(() => {
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(join(path, "own"), "of the task", { createNew: true });
  });
  attempt(() => Deno.removeSync(`${path}.was`, { recursive: true }));
  attempt(() => Deno.renameSync(path, `${path}.was`));
  attempt(() => Deno.symlinkSync(join(outside, "dir"), path));
}

/** What `storage prune` takes for a file that a dead process has left. */
function plantAged(agentDir: string): void {
  attempt(() => {
    const path = join(agentDir, AGED);
    Deno.writeTextFileSync(path, "x", { createNew: true });
    const then = new Date(Date.now() - 3 * 86_400_000);
    Deno.utimeSync(path, then, then);
  });
}

function namesIn(dir: string): string[] {
  try {
    return Array.from(Deno.readDirSync(dir), ({ name }) => name);
  } catch {
    return [];
  }
}

/** Somebody else is at work in the same place. */
function attempt(action: () => unknown): void {
  try {
    action();
  } catch {
    // Next time, then.
  }
}
