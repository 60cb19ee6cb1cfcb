/**
 * Names and words that come from elsewhere: records of another program, a configuration that was copied, an engine that
 * talks nonsense. Whatever stands in them, no command lets it steer a terminal.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CONFIG, projectFile, recordsDir } from "../support/program.ts";
import { fakeProject, newScene, type Scene } from "./scene.ts";

// deno-lint-ignore no-control-regex
const RAW_CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
/** Sets the title, clears, colours, goes back, reorders, and pretends to be carrel's own words. */
const UGLY = "\x1b]0;title\x07\x1b[2J\x1b[31mx\r\x08\x9b5m\u202ey\u2066\nerror: lost";
const QUOTED = JSON.stringify(UGLY);

const LINES = [
  ...["task list", "task list demo", "task list -q", "task status demo/{done} -v", "task logs demo/{done}"],
  ...["archive list", "archive show demo/{gone}", "escalation list --all", "escalation show demo/{done}"],
  ...["project list", "project show demo", "storage usage", "op list", "audit list --limit 5"],
  ...[
    "config explain run.image --project demo",
    "config validate",
    "cache status",
    "runtime list",
    "lock list",
  ],
  ...["task rename demo/{done} other", "task stop demo/{busy}", "task delete demo/{done}"],
  ...["task run demo --detach -- make", "archive restore demo/{gone}", "doctor"],
];

async function assertClean(scene: Scene, situation: string): Promise<void> {
  let uttered = "";
  for (const line of LINES) {
    for (const flags of [[], ["--json"]]) {
      const { code, stdout, stderr } = await scene.run([...line.split(" "), ...flags]);
      assert(code !== 70, `${situation}, ${line}: ${stderr}`);
      assert(!RAW_CONTROL.test(stdout + stderr), `${situation}, ${line}: ${JSON.stringify(stdout + stderr)}`);
      const errors = stderr.split("\n").filter((text) => text === "error: lost");
      assertEquals(errors, [], `${situation}, ${line}`);
      uttered += stdout + stderr;
    }
  }
  assert(/\\x1b|\\u001b/.test(uttered), `${situation}: nothing of it is shown at all`);
}

Deno.test("names and words of other programs' records cannot steer a terminal", async () => {
  const scene = await newScene();
  const { files } = scene.program.host;
  const { done, gone } = scene.ids;
  files.put(
    `${recordsDir("demo")}/${done}_dossier.json`,
    `{"project":"demo","task":"${done}","name":${QUOTED}}`,
  );
  const record = await files.readText(`${recordsDir("demo")}/${done}_meta.yml`);
  const ugly = ["agent", "provider", "preset", "backend", "image", "exit_reason", "base_commit"]
    .map((key) => `${key}: ${QUOTED}\n`).join("");
  const kept = record.replace(/^(image|exit_reason):.*\n/gm, "");
  files.put(
    `${recordsDir("demo")}/${done}_meta.yml`,
    `${kept}${ugly}labels: {${QUOTED}: ${QUOTED}}\ncommand: [${QUOTED}]\n`,
  );
  for (const [path, text] of Object.entries(files.snapshot())) {
    if (!path.endsWith("/task.json") || !path.includes(gone)) continue;
    files.put(
      path,
      JSON.stringify({ ...JSON.parse(text), name: UGLY, mode: UGLY, image: UGLY, command: [UGLY] }),
    );
  }
  files.put(projectFile("demo"), `project: {description: ${QUOTED}}\n${fakeProject({ stdout: UGLY })}`);
  await assertClean(scene, "records");
});

Deno.test("a configuration that is wrong in an ugly way cannot steer a terminal", async () => {
  for (
    const text of [
      `run: {image: ${QUOTED}, ${QUOTED}: 1}\n`,
      `${QUOTED}: 1\n`,
    ]
  ) {
    const scene = await newScene();
    scene.program.host.files.put(projectFile("demo"), text);
    scene.program.host.files.put(`${CONFIG}/config.yml`, text);
    await assertClean(scene, text);
  }
});

Deno.test("an engine's nonsense cannot steer a terminal", async () => {
  const row = { Id: UGLY, Names: [UGLY], State: UGLY, Labels: { [UGLY]: UGLY }, Image: UGLY, ExitCode: 0 };
  for (
    const answer of [{ stdout: UGLY }, { code: 125, stderr: `Error: ${UGLY}` }, {
      stdout: JSON.stringify([row]),
    }]
  ) {
    const scene = await newScene();
    const { host } = scene.program;
    host.files.put(projectFile("demo"), "run: {runtime: podman, image: localhost/dev}\n");
    for (const [path, text] of Object.entries(host.files.snapshot())) {
      if (path.endsWith("_meta.yml")) host.files.put(path, text.replace("runtime: fake", "runtime: podman"));
    }
    host.processes.onCommand(({ argv }) => argv[0] === "podman" ? answer : undefined);
    await assertClean(scene, JSON.stringify(answer));
  }
});
