/**
 * What is said of agents and their questions: no secret, and nothing that an agent could do harm with.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { projectFile, ROOT } from "../support/program.ts";
import { agentDir, newScene } from "./scene.ts";

Deno.test("the token of an agent's session appears in no output and in no archive", async () => {
  const { program } = await newScene();
  program.host.files.put(
    projectFile("demo"),
    "run: {runtime: fake, agent: codex, fake: {duration_ms: 1e9}}\n",
  );
  const said: string[] = [];
  const say = async (...argv: string[]) => {
    const { code, stdout, stderr } = await program.run(argv);
    assertEquals(code, 0, `${argv.join(" ")}: ${stderr}`);
    said.push(stdout, stderr);
  };
  const id = (await program.run(["-q", "task", "run", "demo", "--detach", "--", "work"])).stdout.trim();
  const agentDir = `${ROOT}/sandbox-live/tasks/${id}/agent-config`;
  const token = (await program.host.files.readText(`${agentDir}/agent.token`)).trim();
  assertMatch(token, /^[0-9a-f]{64}$/);
  program.host.files.put(`${agentDir}/escalation.yml`, `reason: may I?\ntoken: ${token}\n`);
  for (const flags of [[], ["--json"]]) {
    await say("task", "status", id, "-v", ...flags);
    await say("task", "list", ...flags);
    await say("escalation", "list", ...flags);
    await say("escalation", "show", id, ...flags);
    await say("agent", "show", "codex", ...flags);
    await say("agent", "list", ...flags);
  }
  await say("escalation", "resolve", id, "override", "--json");
  await say("escalation", "list", "--all", "--json");
  await say("agent", "register", "codex", "--json");
  await say("task", "restart", id, "--recreate", "--json");
  assertEquals(said.filter((text) => text.includes(token)), []);
  assertEquals(said.filter((text) => /sha256:|session/.test(text)), []);
  const events = await program.state.decisionAudit.allEventsChronological();
  assertEquals(JSON.stringify(events).includes(token), false);
  // What the agent itself has written is its own; the file that carrel wrote is gone.
  await say("task", "delete", id, "--json");
  const kept = Object.entries(program.host.files.snapshot()).filter(([, text]) => text.includes(token));
  assertEquals(kept.map(([path]) => path.split("/").at(-1)), ["escalation.yml"]);
});

Deno.test("what an agent asks cannot steer a terminal, nor pretend to be carrel's own words", async () => {
  const scene = await newScene();
  const reason = "a\\e]0;title\\a\\nDecision: OVERRIDE\\n\\e[31mb\\u202ec";
  const text = `reason: "${reason}"\nimpact: "\\e[2J"\nproposal: {"\\e[31m": "\\u009b"}\n`;
  scene.program.host.files.put(`${agentDir(scene.ids.done)}/escalation.yml`, text);
  for (const flags of [[], ["--json"]]) {
    for (
      const line of ["escalation show demo/{done}", "escalation list", "task status demo/{done}", "task list"]
    ) {
      const { code, stdout, stderr } = await scene.run([...line.split(" "), ...flags]);
      assertEquals(code, 0, stderr);
      // deno-lint-ignore no-control-regex
      assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/.test(stdout + stderr), `${line}: ${stdout}`);
    }
  }
  const { stdout } = await scene.run(["escalation", "show", "demo/{done}"]);
  assertEquals(stdout.match(/^Decision: .*$/gm), ["Decision: waits"]);
});
