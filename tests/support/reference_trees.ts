/**
 * Files as the reference writes them, in both of its eras, below a root of carrel's.
 *
 * @module
 */
import { ROOT } from "./world.ts";

const META = `${ROOT}/core/projects/orchard/tasks`;
const LIVE = `${ROOT}/sandbox-live/tasks/orchard`;

/** A task of the published documentation's era: legacy mode, no labels, keys that mean nothing here. */
export const OLD_TASK = {
  dossier: `${META}/k3v8h_dossier.json`,
  bookkeeping: `${META}/k3v8h_meta.yml`,
  dir: `${LIVE}/k3v8h`,
} as const;

/** A task of today's reference: run unattended, with a name outside ASCII and hooks. */
export const NEW_TASK = {
  dossier: `${META}/q7m2x_dossier.json`,
  bookkeeping: `${META}/q7m2x_meta.yml`,
  dir: `${LIVE}/q7m2x`,
} as const;

/** The tree: two live tasks, one archive of each era, and what readers must not look at. */
export const REFERENCE_TREE: Readonly<Record<string, string>> = {
  [OLD_TASK.dossier]: '{\n  "project": "orchard",\n  "task": "k3v8h",\n  "name": "old-web"\n}\n',
  [OLD_TASK.bookkeeping]: `project_id: orchard
mode: web
workspace: ${OLD_TASK.dir}
web_port: 18700
created_at: '2026-03-01T12:00:00+00:00'
ready_at:
preset: careful
backend: claude
provider: anthropic
custom_key:   {kept: [as, it, is]}   # by hand
deleting: false
`,
  [`${OLD_TASK.dir}/workspace-dangerous/a.txt`]: "old work\n",
  [`${OLD_TASK.dir}/agent-config/work-status.yml`]: "coding\n",
  [NEW_TASK.dossier]: '{\n  "project": "orchard",\n  "task": "q7m2x",\n  "name": "prune-old-branches"\n}\n',
  [NEW_TASK.bookkeeping]: `mode: run
workspace: ${NEW_TASK.dir}
web_port:
created_at: '2026-09-14T08:21:33.504117+00:00'
ready_at: '2026-09-14T08:21:47.092260+00:00'
unrestricted: true
debug: false
agent: codex
gate_token: terok-g-00112233445566778899aabbccddeeff
exit_code: 7
hooks_fired:
- pre_start
- post_start
`,
  [`${NEW_TASK.dir}/workspace-dangerous/b.txt`]: "new work\n",
  // Ids of eight hexadecimal digits are no longer read, nor are leftovers of interrupted writes.
  [`${META}/0123abcd_meta.yml`]: "mode: cli\n",
  [`${META}/q7m2x_meta.yml.tmp`]: "mode: [",
  [`${ROOT}/archive/orchard/tasks/20260301T120000000000Z_v4hd9/task.json`]: `{
  "mode": "run",
  "workspace": "${LIVE}/v4hd9",
  "exit_code": 0,
  "project_id": "orchard",
  "task_id": "v4hd9",
  "name": null,
  "deleting": true
}
`,
  [`${ROOT}/archive/orchard/tasks/20260914T101530004211Z_v4hd8_quiet-lemur/task.json`]: `{
  "mode": "run",
  "workspace": "${LIVE}/v4hd8",
  "web_port": null,
  "created_at": "2026-09-01T12:00:00.000412+00:00",
  "exit_code": 1,
  "project_name": "orchard",
  "task_id": "v4hd8",
  "name": "quiet-lemur"
}
`,
  [`${ROOT}/archive/orchard/tasks/20260914T101530004211Z_v4hd8_quiet-lemur/logs/container.log`]: "said\n",
};
