/**
 * One task from birth to restore, in a temporary place: every line shown is a real command and its
 * real output. On podman when it works here and has an image with git, else as a plain process.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

const MAIN = fromFileUrl(new URL("../main.ts", import.meta.url));
const IMAGES_TRIED_MAX = 8;

const AGENT = `
echo "agent: reading the prompt: $(cat "$CARREL_AGENT_CONFIG/prompt.txt")"
echo 'status: coding' > "$CARREL_AGENT_CONFIG/work-status.yml"
sed -i 's/wrold/world/' hello.txt
echo 'agent: fixed hello.txt' >&2
echo 'Found and fixed by the agent.' > NOTES
printf 'status: done\\nmessage: one typo fixed\\n' > "$CARREL_AGENT_CONFIG/work-status.yml"
`;

const place = await Deno.makeTempDir({ prefix: "carrel-demo-" });
const env = {
  CARREL_ROOT: join(place, "root"),
  CARREL_CONFIG_DIR: join(place, "config"),
  GIT_CONFIG_GLOBAL: join(place, "gitconfig"),
  GIT_CONFIG_NOSYSTEM: "1",
};
try {
  await tell(`# everything below happens in ${place}`);
  const upstream = await newUpstream(join(place, "hello.git-work"));
  const image = await chooseImage();
  await carrel("project", "new", "demo", "--git", upstream, ...image);
  await carrel(
    "task",
    "run",
    "demo",
    "--name",
    "Fix the typo",
    "--prompt",
    "fix the typo",
    "--",
    "sh",
    "-c",
    AGENT,
  );
  const task = (await capture(["task", "list", "demo", "-q"])).trim();
  await carrel("task", "list");
  await carrel("task", "status", task);
  await carrel("task", "diff", task);
  await carrel("task", "delete", task);
  await carrel("archive", "list");
  await carrel("archive", "restore", task);
  await carrel("task", "logs", task);
  await carrel("task", "list");
  await capture(["project", "delete", "demo", "--with-tasks"]);
} finally {
  await Deno.remove(place, { recursive: true });
}
await tell("# the temporary place is removed; nothing of the demo is left");

/** A repository with a typo in it. */
async function newUpstream(dir: string): Promise<string> {
  await Deno.mkdir(dir);
  await Deno.writeTextFile(join(dir, "hello.txt"), "hello, wrold\n");
  const identity = ["-c", "user.name=Demo", "-c", "user.email=demo@localhost"];
  await quietly("git", ["-C", dir, "init", "-q", "-b", "main"]);
  await quietly("git", ["-C", dir, "add", "."]);
  await quietly("git", ["-C", dir, ...identity, "commit", "-q", "-m", "hello"]);
  return dir;
}

/** Flags for a runtime that works here, and why it is that one. */
async function chooseImage(): Promise<string[]> {
  const runtimes: { name: string; works: boolean; detail: string }[] = JSON.parse(
    await capture(["runtime", "list", "--json"]),
  );
  const podman = runtimes.find(({ name }) => name === "podman");
  if (podman?.works !== true) {
    await tell(`# runtime: process (no sandbox), because podman does not work here: ${podman?.detail}`);
    return ["--runtime", "process"];
  }
  const image = await findImage();
  if (image === null) {
    await tell("# runtime: process (no sandbox): podman works here, but has no image with git and sh;");
    await tell("#   name one in DEMO_IMAGE to see the demo in a container");
    return ["--runtime", "process"];
  }
  await tell(`# runtime: podman (${podman.detail}), image ${image}`);
  return ["--image", image];
}

/** A local image in which sh and git run; nothing is pulled. */
async function findImage(): Promise<string | null> {
  const wanted = Deno.env.get("DEMO_IMAGE");
  const listed = await output("podman", ["images", "--noheading", "--format", "{{.Repository}}:{{.Tag}}"]);
  const names = wanted === undefined
    ? listed.text.split("\n").filter((name) => !/^$|<none>/.test(name))
    : [wanted];
  for (const name of names.slice(0, IMAGES_TRIED_MAX)) {
    const probe = [
      "run",
      "--rm",
      "--pull=never",
      "--network=none",
      "--entrypoint=sh",
      name,
      "-c",
      "git --version",
    ];
    if ((await output("podman", probe)).success) return name;
  }
  return null;
}

/** Shows a command and runs it on this terminal. A task's own exit code is part of the show. */
async function carrel(...args: string[]): Promise<void> {
  await tell(`\n$ carrel ${args.map(quote).join(" ")}`);
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-q", "-A", MAIN, ...args], env });
  const { success, code } = await command.spawn().status;
  if (!success) throw new Deno.errors.InvalidData(`carrel ${args.join(" ")} ended with ${code}`);
}

async function capture(args: string[]): Promise<string> {
  const { success, text, complaint } = await output(Deno.execPath(), ["run", "-q", "-A", MAIN, ...args]);
  if (!success) throw new Deno.errors.InvalidData(`carrel ${args.join(" ")}: ${complaint}`);
  return text;
}

async function quietly(program: string, args: string[]): Promise<void> {
  const { success, complaint } = await output(program, args);
  if (!success) throw new Deno.errors.InvalidData(`${program} ${args.join(" ")}: ${complaint}`);
}

async function output(program: string, args: string[]) {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout), complaint: decoder.decode(stderr).trim() };
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function tell(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
