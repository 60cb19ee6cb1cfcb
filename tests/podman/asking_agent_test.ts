/** An agent in a real container, as a user of its own, that asks for a person. @module */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newCarrelProgram } from "../support/carrel_program.ts";
import { newProjectName, TEST_IMAGE, whyNoPodman } from "./podman_here.ts";

const missing = await whyNoPodman();

/** Asks with the token that only its user can read, waits for the answer, says it. */
const AGENT = `cd "$CARREL_AGENT_CONFIG" && rm -f decision.yml && stat -c '%u %a' agent.token
printf 'reason: may I?\\ntoken: %s\\n' "$(cat agent.token)" > .draft && mv .draft escalation.yml
while [ ! -e decision.yml ]; do sleep 1; done
grep decision: decision.yml
`;

Deno.test({
  name: `podman end to end: an agent asks and is answered${missing === null ? "" : ` (podman: ${missing})`}`,
  ignore: missing !== null,
  fn: async () => {
    await using carrel = await newCarrelProgram();
    const project = newProjectName();
    await carrel.run(["project", "new", project, "--image", TEST_IMAGE]);
    const file = join(carrel.place, "config", "projects", project, "project.yml");
    const settings = '  network: none\n  user: "1234:1234"\n  agent: codex\n  shutdown_timeout: 0\n';
    await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}${settings}`);
    await carrel.run(["agent", "register", "codex"]);
    const run = await carrel.run(["-q", "task", "run", project, "--detach", "--", "sh", "-c", AGENT]);
    const task = run.stdout.trim();
    const wait = ["task", "wait", task, "--timeout", "60"];
    const asked = await carrel.run([...wait, "--for", "needs-human"]);
    assertEquals(asked.code, 0, run.stderr + asked.stderr);
    const answered = await carrel.run(["escalation", "resolve", task, "abort"]);
    assertEquals(answered.code, 0, answered.stderr);
    assertEquals((await carrel.run(wait)).code, 0);
    assertEquals((await carrel.run(["task", "logs", task])).stdout, "1234 600\ndecision: ABORT\n");
    // A token that is lost is replaced for the same user, in the same container.
    await Deno.remove(
      join(carrel.place, "root", "sandbox-live", "tasks", task, "agent-config", "agent.token"),
    );
    assertEquals((await carrel.run(["task", "restart", task])).code, 0);
    assertEquals((await carrel.run([...wait, "--for", "needs-human"])).code, 0);
    assertEquals((await carrel.run(["escalation", "resolve", task, "override"])).code, 0);
    assertEquals((await carrel.run(wait)).code, 0);
    const { stdout } = await carrel.run(["task", "logs", task]);
    assertEquals(stdout.split("\n").filter((line) => line.startsWith("1234")), ["1234 600", "1234 600"]);
    // A restored task has another one.
    assertEquals((await carrel.run(["task", "delete", task])).code, 0);
    assertEquals((await carrel.run(["archive", "restore", task])).code, 0);
    assertEquals((await carrel.run(["task", "start", task])).code, 0);
    assertEquals((await carrel.run([...wait, "--for", "needs-human"])).code, 0);
  },
});
