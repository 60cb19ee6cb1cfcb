/** A workspace whose git would run programs: no command of carrel's on the host makes it. @module */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newDiskProgram } from "../support/disk_program.ts";

const HOOKS = [
  "post-checkout",
  "pre-commit",
  "post-index-change",
  "reference-transaction",
  "fsmonitor-watchman",
];

/** `$1` is the program that must not run, its argument whose it is. */
const PREPARE = `set -eu
git init -q -b main .
printf '* filter=evil diff=evil\\n' > .gitattributes
echo tracked > a
git add -A
git -c user.name=a -c user.email=a@localhost commit -qm one
echo changed > a
mkdir -p inner && git init -q inner
for hook in ${HOOKS.join(" ")}; do
  printf '#!/bin/sh\\n"%s" %s\\n' "$1" "$hook" > ".git/hooks/$hook"
  chmod 755 ".git/hooks/$hook"
done
git config core.hooksPath "$PWD/.git/hooks"
git config filter.evil.smudge "$1 smudge"
git config filter.evil.clean "$1 clean"
git config filter.evil.process "$1 process"
git config diff.evil.textconv "$1 textconv"
git config diff.external "$1 external"
git config core.sshCommand "$1 ssh"
git config core.pager "$1 pager"
git config core.editor "$1 editor"
git config credential.helper "$1 helper"
git config gpg.program "$1 gpg"
git config alias.status "!$1 alias"
git config core.fsmonitor "$1 fsmonitor"
cp -R .git/hooks .githooks
`;

const LINES = [
  ...["task status {task} -v", "task list", "task logs {task}", "task diff {task} --head", "storage usage"],
  ...[
    "storage prune",
    "doctor",
    "cache status",
    "task rename {task} other",
    "task followup {task} more --detach",
  ],
  ...["task restart {task} --recreate", "task delete {task}", "archive list", "archive show {task}"],
  ...[
    "archive restore {task}",
    "task stop {task}",
    "task delete {task}",
    "archive prune --keep-last 0 --yes",
  ],
];

Deno.test("nothing of a workspace's git runs on the host, whatever carrel does with the task", async () => {
  using program = newDiskProgram();
  program.configure("demo", "run: {runtime: fake}\n");
  const task = (await program.run("-q", "task", "run", "demo", "--detach", "--", "work")).stdout.trim();
  const workspace = join(program.root, "sandbox-live/tasks", task, "workspace-dangerous");
  const [trap, traces] = [join(program.dir, "trap"), join(program.dir, "traces")];
  await Deno.writeTextFile(trap, `#!/bin/sh\necho "$1" >> "${traces}"\n`, { mode: 0o755 });
  const shell = async (script: string, env = {}) => {
    const { success, stderr } = await new Deno.Command("sh", {
      args: ["-c", script, "sh", trap],
      cwd: workspace,
      env: { HOME: program.dir, GIT_CONFIG_NOSYSTEM: "1", ...env },
    }).output();
    return success ? "" : new TextDecoder().decode(stderr);
  };
  assertEquals(await shell(PREPARE), "");
  await shell("git status; git diff");
  const snapped = await Deno.readTextFile(traces);
  assert(
    /fsmonitor/.test(snapped) && /clean|process|external|textconv/.test(snapped),
    `the traps snap: ${snapped}`,
  );
  await Deno.remove(traces);
  let done = 0;
  for (const line of LINES) {
    const { code, stderr } = await program.run(...line.replace("{task}", task).split(" "));
    assert(code !== 70, `${line}: ${stderr}`);
    done += code === 0 ? 1 : 0;
  }
  assert(done > LINES.length * 0.7, `${done} of ${LINES.length} commands did something`);
  const ran = await Deno.readTextFile(traces).catch(() => "");
  assertEquals(ran, "");
});
