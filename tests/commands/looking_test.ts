/**
 * Who only looks leaves no trace.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type CarrelProgram, newCarrelProgram } from "../support/carrel_program.ts";

const LOOKS = [
  ["agent", "list"],
  ["audit", "list"],
  ["context", "get", "state", "claude"],
  ["escalation", "list", "--all"],
  ["lock", "list"],
  ["op", "list"],
  ["saga", "list"],
  ["storage", "usage"],
  ["task", "list"],
];

/** The codes say that also those which are refused have looked for what they need. */
const DRY_RUNS: readonly (readonly [code: number, argv: readonly string[]])[] = [
  [0, ["agent", "register", "claude"]],
  [3, ["agent", "suspend", "claude"]],
  [0, ["context", "set", "session", "flow", "{}"]],
  [0, ["context", "merge", "session", "flow", "{}"]],
  [0, ["context", "set", "state", "claude", "{}"]],
  [0, ["context", "merge", "state", "claude", "{}"]],
  [0, ["task", "run", "demo", "--", "work"]],
  [5, ["task", "run", "agents", "--", "work"]],
];

function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name);
}

async function configure({ place }: CarrelProgram, project: string, text: string): Promise<void> {
  const dir = `${place}/config/projects/${project}`;
  await Deno.mkdir(dir, { recursive: true });
  await Deno.writeTextFile(`${dir}/project.yml`, text);
}

Deno.test("who only looks makes nothing on disk", async () => {
  await using program = await newCarrelProgram();
  for (const argv of LOOKS) {
    const { code, stderr } = await program.run([...argv, "-q"]);
    const made = namesIn(program.place);
    assertEquals({ argv, code, stderr, made }, { argv, code: 0, stderr: "", made: [] });
  }
});

Deno.test("a dry run makes nothing on disk", async () => {
  await using program = await newCarrelProgram();
  await configure(program, "demo", "run: {runtime: fake}\n");
  await configure(program, "agents", "run: {runtime: fake, agent: claude}\n");
  for (const [expected, [noun = "", verb = "", ...rest]] of DRY_RUNS) {
    const argv = [noun, verb, "--dry-run", "-q", ...rest];
    const { code } = await program.run(argv);
    assertEquals({ argv, code, made: namesIn(program.place) }, { argv, code: expected, made: ["config"] });
  }
});
