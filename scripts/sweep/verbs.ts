/**
 * What is swept: every command that changes something, each on what it needs. A new command gets a row here.
 *
 * @module
 */

/** Who runs the tasks. `podman` is the stand-in. */
export type RuntimeName = "fake" | "process" | "podman";

/** One command, in one situation. */
export interface SweptVerb {
  /** Unique; begins with the command. */
  readonly name: string;
  /** The command in carrel's table. */
  readonly command: string;
  readonly runtimes: readonly RuntimeName[];
  /** Lines run before; `{NAME}` is the address of the task of that name, `{NAME.id}` its id. */
  readonly before: readonly string[];
  /** The line itself. */
  readonly line: string;
  /** What else the situation needs. */
  readonly needs?: readonly Need[];
  /** Lines that show what it changes, beside tasks, archives and containers. */
  readonly looks?: readonly string[];
  /** What the line removes for good: the tasks are then missed by nobody. */
  readonly removes?: readonly string[];
  /** Words of the warning with which it does its work in another way, when it cannot in the usual one. */
  readonly otherWay?: string;
}

/**
 * Things beside tasks: an upstream for the project `app`, a later commit in it, a file of the reference, a question
 * or a half done renaming of the task `subject`, a temporary file that a dead process has left long ago. In a new
 * root there is nothing at all yet, not even the bystander.
 */
export type Need =
  | "upstream"
  | "second commit"
  | "reference file"
  | "question"
  | "interrupted operation"
  | "old file"
  | "old operations"
  | "new root";

/** The task of every situation that no line is about. */
export const BYSTANDER = "keeper";

/** Whether it is the first command of a root. */
export function isInNewRoot({ needs }: SweptVerb): boolean {
  return needs?.includes("new root") === true;
}

/** Each project's settings under `run`; `long` tasks go on until they are stopped, `quick` ones end at once. */
export function projectSettings(project: string, runtime: RuntimeName): string {
  const durationMs = project === "quick" ? 0 : 86_400_000;
  const fake = runtime === "fake" ? `\n  fake: {stdout: "said\\n", duration_ms: ${durationMs}}` : "";
  return `run:\n  runtime: ${runtime}\n  image: localhost/none${fake}\n`;
}

const ALL: readonly RuntimeName[] = ["fake", "podman", "process"];
const CONTAINERS: readonly RuntimeName[] = ["fake", "podman"];
const ONE: readonly RuntimeName[] = ["fake"];

/** Long enough for an attempt; the runtime `process` leaves nothing running after it. */
const LONG = "sleep 8";
const RUNNING = `task run demo --name subject --label team=web --detach -- ${LONG}`;
const ENDED = "task run quick --name subject --prompt first -- true";

/** All of them. */
export const VERBS: readonly SweptVerb[] = [
  {
    ...verb("project new", ONE, [], "project new fresh --runtime fake --description new"),
    looks: ["project list", "project show fresh"],
  },
  {
    ...verb("project delete", CONTAINERS, [
      "project new doomed",
      `task run doomed --name subject --detach -- ${LONG}`,
      "task new doomed --name other",
    ], "project delete doomed --with-tasks"),
    looks: ["project list"],
  },
  verb("task new", ONE, [], "task new demo --name fresh --label a=b"),
  { ...verb("task new", ONE, [], "task new demo --name fresh", "the first of a root"), needs: ["new root"] },
  verb("task run", ALL, [], `task run demo --name fresh --env A=b --detach -- ${LONG}`, "detached"),
  verb("task run", ALL, [], "task run quick --name fresh -- true", "followed"),
  verb(
    "task run",
    CONTAINERS,
    ["task new demo --name subject"],
    `task run {subject} --prompt go --detach -- ${LONG}`,
    "of a task",
  ),
  verb("task start", CONTAINERS, [RUNNING, "task stop {subject}"], "task start {subject}"),
  verb("task start", ["process"], [ENDED], "task start {subject}", "of an ended task"),
  verb("task stop", CONTAINERS, [RUNNING], "task stop {subject}"),
  verb("task restart", CONTAINERS, [RUNNING], "task restart {subject}"),
  verb("task restart", CONTAINERS, [RUNNING], "task restart {subject} --recreate", "recreating"),
  verb("task rename", CONTAINERS, [RUNNING], "task rename {subject} renamed"),
  verb("task followup", ALL, [ENDED], "task followup {subject} second --detach"),
  verb("task delete", CONTAINERS, [RUNNING], "task delete {subject}"),
  verb("task delete", ["process"], [ENDED], "task delete {subject}", "of an ended task"),
  verb(
    "task delete",
    ONE,
    [RUNNING, "task new demo --name other"],
    "task delete {subject} {other}",
    "of two",
  ),
  {
    ...verb("task delete", CONTAINERS, [RUNNING], "task delete {subject} --purge --yes", "purging"),
    removes: ["subject"],
  },
  verb(
    "archive restore",
    CONTAINERS,
    [RUNNING, "task delete {subject}"],
    "archive restore demo/{subject.id}",
  ),
  {
    ...verb("archive prune", ONE, [RUNNING, "task delete {subject}"], "archive prune --keep-last 0 --yes"),
    removes: ["subject"],
  },
  { ...verb("storage prune", ONE, [RUNNING], "storage prune"), needs: ["old file"] },
  {
    ...verb("escalation resolve", ONE, [RUNNING], "escalation resolve {subject} override"),
    needs: ["question"],
    looks: ["escalation list"],
  },
  ...[
    verb("lock acquire", ONE, [], "lock acquire desk --ttl 1h --as me"),
    verb("lock release", ONE, ["lock acquire desk --ttl 1h --as me"], "lock release desk --as me"),
  ].map((each) => ({ ...each, looks: ["lock list"] })),
  ...[
    verb("agent register", ONE, [], "agent register claude --priority 3"),
    verb("agent suspend", ONE, ["agent register claude"], "agent suspend claude --reason why"),
    verb("agent activate", ONE, ["agent register claude", "agent suspend claude"], "agent activate claude"),
    verb("agent retire", ONE, ["agent register claude"], "agent retire claude"),
  ].map((each) => ({ ...each, looks: ["agent list"] })),
  {
    ...verb("context set", ONE, ["agent register claude"], `context set state claude {"a":1}`),
    looks: ["context get state claude"],
  },
  {
    ...verb("context merge", ONE, [`context set session f {"a":1}`], `context merge session f {"b":2}`),
    looks: ["context get session f"],
  },
  {
    ...verb("retry reset", ONE, ["task new demo --name subject"], "retry reset {subject}"),
    looks: ["retry show {subject}"],
  },
  {
    ...verb("saga compensate", ONE, [RUNNING], "saga compensate {interrupted}"),
    needs: ["interrupted operation"],
    looks: ["saga list"],
  },
  {
    ...verb("doctor", ONE, [RUNNING], "doctor --fix"),
    needs: ["interrupted operation"],
    looks: ["saga list"],
  },
  { ...verb("cache sync", ONE, [], "cache sync app"), needs: ["upstream"] },
  {
    ...verb("cache sync", ONE, ["cache sync app"], "cache sync app", "again"),
    needs: ["upstream", "second commit"],
  },
  {
    ...verb("cache clear", ONE, ["cache sync app"], "cache clear app"),
    needs: ["upstream"],
    looks: ["cache status app"],
  },
  {
    ...verb("task run", ONE, ["cache sync app"], `task run app --name fresh --detach -- ${LONG}`, "seeded"),
    needs: ["upstream"],
    otherWay: "is not seeded, its container clones instead",
  },
  { ...verb("state import", ONE, [], "state import reference.db"), needs: ["reference file"] },
  { ...verb("state prune", ONE, [RUNNING], "state prune --older-than 7d"), needs: ["old operations"] },
];

function verb(
  command: string,
  runtimes: readonly RuntimeName[],
  before: readonly string[],
  line: string,
  situation?: string,
): SweptVerb {
  return {
    name: situation === undefined ? command : `${command}, ${situation}`,
    command,
    runtimes,
    before,
    line,
  };
}
