/**
 * The program itself, with an agent that asks for a person, and with one that means harm.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type CarrelProgram, newCarrelProgram } from "../support/carrel_program.ts";

/** Asks, waits for the answer, says it, and ends. */
const AGENT = `cd "$CARREL_AGENT_CONFIG"
printf 'reason: may I?\\ntoken: %s\\n' "$(cat agent.token)" > .draft
mv .draft escalation.yml
while [ ! -e decision.yml ]; do sleep 0.05; done
grep -c "$(sha256sum escalation.yml | cut -c1-64)" decision.yml
grep decision: decision.yml
`;

async function setUp(carrel: CarrelProgram, run: string): Promise<void> {
  const directory = join(carrel.place, "config", "projects", "demo");
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(join(directory, "project.yml"), `run: ${run}\n`);
}

Deno.test("an agent asks, waits for a person, and goes on with the decision", async () => {
  await using carrel = await newCarrelProgram();
  await setUp(carrel, "{runtime: process, agent: codex}");
  assertEquals((await carrel.run(["agent", "register", "codex"])).code, 0);
  const task = (await carrel.run(["-q", "task", "run", "demo", "--detach", "--", "sh", "-c", AGENT])).stdout
    .trim();
  const wait = ["task", "wait", task, "--timeout", "60"];
  const asked = await carrel.run([...wait, "--for", "needs-human"]);
  assertEquals(asked.code, 0, asked.stderr);
  assertEquals((await carrel.run(wait)).code, 8);
  assertStringIncludes((await carrel.run(["task", "list"])).stdout, "needs human");
  assertEquals((await carrel.run(["escalation", "resolve", task, "override"])).code, 0);
  assertEquals((await carrel.run(wait)).code, 0);
  assertEquals((await carrel.run(["task", "logs", task])).stdout, "1\ndecision: OVERRIDE\n");
});

Deno.test("a file of a gigabyte, a fifo and a link where an agent asks are named and do no harm", async () => {
  await using carrel = await newCarrelProgram();
  await setUp(carrel, "{runtime: fake, fake: {duration_ms: 1000000000}}");
  const plant: ((path: string) => Promise<unknown>)[] = [
    async (path) => {
      await Deno.writeTextFile(path, "reason: x\n");
      await Deno.truncate(path, 1024 ** 3);
    },
    (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
    (path) => Deno.symlink("/etc/passwd", path),
    (path) => Deno.mkdir(path),
  ];
  for (const put of plant) {
    const task = (await carrel.run(["-q", "task", "run", "demo", "--detach", "--", "work"])).stdout.trim();
    await put(join(carrel.place, "root", "sandbox-live", "tasks", task, "agent-config", "escalation.yml"));
  }
  const { code, stdout, stderr } = await carrel.run(["task", "list", "--json"]);
  assertEquals([code, JSON.parse(stdout).filter((task: { needs_human: boolean }) => task.needs_human)], [
    0,
    [],
  ]);
  const warnings = stderr.trimEnd().split("\n");
  assertEquals(warnings.length, plant.length, stderr);
  for (const warning of warnings) {
    assert(/is not heeded: it is (larger than 64 KiB|not a plain file)/.test(warning), warning);
  }
});
