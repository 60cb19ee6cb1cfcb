/**
 * Words that a command cannot use, and how it must fail.
 *
 * @module
 */
import { BAD_PROJECT, BAD_VALUE, type Failure, NEVER_RAN, NO_PROJECT, USAGE } from "./failures.ts";

/** A command line without program and path (`{done}` stands for an id), and how it fails on a sound machine. */
export type WordRow = readonly [state: string, words: string, ...Failure];

const ONE_WORD: readonly WordRow[] = [
  ["missing argument", "", ...USAGE],
  ["too many words", "demo extra", ...USAGE],
];
const NO_WORD: readonly WordRow[] = [["too many words", "extra", ...USAGE]];
const PROJECT: readonly WordRow[] = [
  ...ONE_WORD,
  ["unknown project", "nope", ...NO_PROJECT],
  ["malformed project name", "No!", ...BAD_PROJECT],
  ["project name that is a path", "../demo", ...BAD_PROJECT],
];

/** Rows of a command that takes a task and then, perhaps, further words. */
function task(rest = ""): readonly WordRow[] {
  return [
    ["missing argument", "", ...USAGE],
    ["too many words", `demo {done} extra${rest}`, ...USAGE],
    ["missing task", `demo${rest}`, ...USAGE],
    ["unknown project", `nope/q7m2x${rest}`, ...NO_PROJECT],
    ["malformed project name", `No!/q7m2x${rest}`, ...BAD_PROJECT],
    ["unknown task", `demo/z0zzz${rest}`, 3, "task_not_found"],
    ["unknown prefix", `demo y9${rest}`, 3, "task_not_found"],
    ["malformed prefix", `demo/7q${rest}`, 2, "invalid_task_id"],
    ["prefix that is a path", `demo/../x${rest}`, ...BAD_VALUE],
    ["empty prefix", `demo/${rest}`, ...BAD_VALUE],
    ["ambiguous prefix", `demo/g1${rest}`, 4, "ambiguous"],
  ];
}

/** Rows of a command that takes an archive. */
const ARCHIVE: readonly WordRow[] = [
  ["missing argument", "", ...USAGE],
  ["too many words", "demo {gone} extra", ...USAGE],
  ["missing archive", "demo", ...USAGE],
  ["project without archives", "nope/q7m2x", 3, "archive_not_found"],
  ["malformed project name", "No!/q7m2x", ...BAD_PROJECT],
  ["unknown archive", "demo/z0zzz", 3, "archive_not_found"],
  ["archive that is a path", "demo/../x", ...BAD_VALUE],
  ["ambiguous prefix", "demo/2026", 4, "ambiguous"],
];

/** Rows of a command that takes a lock. */
const LOCK: readonly WordRow[] = [
  ["missing argument", "", ...USAGE],
  ["too many words", "deploy extra --as me", ...USAGE],
  ["malformed name", "No! --as me", ...BAD_VALUE],
];

/** Rows of a command that takes an operation. */
const OPERATION: readonly WordRow[] = [
  ...ONE_WORD.map(([state, words, ...failure]): WordRow => [state, words && "0190 extra", ...failure]),
  ["malformed operation", "demo/q7m2x", ...BAD_VALUE],
  ["operation that is too long", "0".repeat(40), ...BAD_VALUE],
  ["unknown operation", "ffff", 3, "operation_not_found"],
  ["ambiguous prefix", "01", 4, "ambiguous"],
];

/** Rows of a command that takes `--project` and `--task`. */
const PLACE: readonly WordRow[] = [
  ["too many words", "extra", ...USAGE],
  ["malformed project name", "--project No!", ...BAD_PROJECT],
  ["missing task", "--task demo", ...USAGE],
  ["unknown prefix", "--task demo/y9", 3, "task_not_found"],
  ["malformed prefix", "--task demo/7q", 2, "invalid_task_id"],
  ["flags that exclude each other", "--project demo --task demo/{done}", ...USAGE],
  ["malformed time", "--since soon", ...BAD_VALUE],
  ["day that is not there", "--since 2026-02-30", ...BAD_VALUE],
  ["limit of nothing", "--limit 0", ...BAD_VALUE],
  ["malformed limit", "--limit many", ...BAD_VALUE],
];
/** Rows of a command that takes an agent. */
const AGENT: readonly WordRow[] = [...ONE_WORD, ["unknown agent", "nobody", 3, "agent_not_found"]];

/** Rows of a command that takes a context. */
const CONTEXT: readonly WordRow[] = [
  ["missing argument", "", ...USAGE],
  ["missing key", "state", ...USAGE],
  ["unknown scope", "memory codex", ...BAD_VALUE],
];
const CHANGED_CONTEXT: readonly WordRow[] = [
  ...CONTEXT.map(([state, words, ...failure]): WordRow =>
    state === "unknown scope" ? [state, `${words} {}`, ...failure] : [state, words, ...failure]
  ),
  ["missing value", "state codex", ...USAGE],
  ["too many words", "state codex {} {}", ...USAGE],
  ["value that is no JSON", "session flow {", ...BAD_VALUE],
  ["value that is no object", "session flow [1]", ...BAD_VALUE],
  ["number that nobody can keep", 'session flow {"a":1e999}', ...BAD_VALUE],
  ["absent file", "session flow @/not/there", ...BAD_VALUE],
  ["version of a session", "session flow {} --if-version 1", ...USAGE],
  ["malformed version", "state codex {} --if-version new", ...BAD_VALUE],
];

/** Rows of every command. */
export const BAD_WORDS: Readonly<Record<string, readonly WordRow[]>> = {
  "project new": [
    ...ONE_WORD,
    ["malformed project name", "No!", ...BAD_PROJECT],
    ["reserved project name", "default", ...BAD_PROJECT],
    ["project name that is too long", "p".repeat(60), ...BAD_PROJECT],
    ["project that exists", "demo", 4, "already_exists"],
    ["unknown runtime", "other --runtime nope", 3, "runtime_not_found"],
    ["malformed URL", "other --git ::", ...BAD_VALUE],
    ["empty image", "other --image=", ...BAD_VALUE],
    ["flag without its value", "other --image", ...USAGE],
  ],
  "project list": NO_WORD,
  "project show": PROJECT,
  "project delete": [...PROJECT, ["project with tasks", "demo", 5, "wrong_state"]],
  "task new": [
    ...PROJECT,
    ["name of nothing usable", "demo --name !!!", 2, "invalid_task_name"],
    ["label without a value", "demo --label team", ...BAD_VALUE],
    ["label without a key", "demo --label =web", ...BAD_VALUE],
  ],
  "task run": [
    ...task(" --detach").filter(([state]) => state !== "missing task"),
    ["unknown project alone", "nope --detach", ...NO_PROJECT],
    ["malformed project name alone", "No! --detach", ...BAD_PROJECT],
    ["task that ran", "demo/{done} --detach", 5, "already_ran"],
    ["name for a task that is there", "demo/{idle} --name other", ...USAGE],
    ["name of nothing usable", "demo --name !!! -- make", 2, "invalid_task_name"],
    ["command with another mode", "demo --mode cli -- make", ...USAGE],
    ["mode without its command", "demo --mode web", 5, "config_missing"],
    ["unknown mode", "demo --mode nope", ...BAD_VALUE],
    ["flags that exclude each other", "demo --detach --follow -- make", ...USAGE],
    ["malformed duration", "demo --timeout soon -- make", ...BAD_VALUE],
    ["malformed variable", "demo --env 1=x -- make", ...BAD_VALUE],
    ["absent variable", "demo --env NOT_THERE -- make", 5, "env_missing"],
    ["absent prompt file", "demo --prompt @/not/there -- make", ...BAD_VALUE],
    ["unknown runtime", "demo --runtime nope -- make", 3, "runtime_not_found"],
    ["no image", "demo --runtime podman -- make", 5, "config_missing"],
  ],
  "task start": [...task(), ["never ran", "demo/{idle}", ...NEVER_RAN]],
  "task restart": [...task(), ["never ran", "demo/{idle}", ...NEVER_RAN]],
  "task stop": [
    ...task(),
    ["malformed duration", "demo/{busy} --timeout soon", ...BAD_VALUE],
  ],
  "task rename": [
    ...task(" other"),
    ["missing name", "demo/{done}", ...USAGE],
    ["name of nothing usable", "demo/{done} !!!", 2, "invalid_task_name"],
  ],
  "task delete": [
    ...task(),
    ["question that nobody answers", "demo/{done} --purge", 2, "input_required"],
  ],
  "task list": [
    ["too many words", "demo extra", ...USAGE],
    ["unknown project", "nope", ...NO_PROJECT],
    ["malformed project name", "No!", ...BAD_PROJECT],
    ["unknown status", "--status asleep", ...BAD_VALUE],
    ["unknown mode", "--mode nope", ...BAD_VALUE],
    ["malformed label", "--label =x", ...BAD_VALUE],
  ],
  "task status": [...task(), ["unknown status", "demo/{done} --is asleep", ...BAD_VALUE]],
  "task logs": [...task(), ["never ran", "demo/{idle}", ...NEVER_RAN]],
  "task diff": [
    ...task(),
    ["never ran", "demo/{idle}", ...NEVER_RAN],
    ["flags that exclude each other", "demo/{done} --head --prev", ...USAGE],
    ["no commit to compare with", "demo/{busy} --base", 5, "wrong_state"],
  ],
  "task exec": [
    ...task(" -- true").map(([state, words, exit, code]): WordRow =>
      words === "" ? [state, words, exit, code] : [state, words, 125, code]
    ),
    ["never ran", "demo/{idle} -- true", 125, "never_ran"],
    ["task that does not run", "demo/{done} -- true", 125, "wrong_state"],
    ["missing command", "demo/{busy}", ...USAGE],
    ["absent variable", "demo/{busy} --env NOT_THERE -- true", 125, "env_missing"],
  ],
  "task login": [
    ...task(),
    ["never ran", "demo/{idle}", ...NEVER_RAN],
    ["task that does not run", "demo/{done}", 5, "wrong_state"],
  ],
  "task wait": [
    ...task(),
    ["unknown condition", "demo/{done} --for tea", ...BAD_VALUE],
    ["unknown status", "demo/{done} --for status=asleep", ...BAD_VALUE],
    ["malformed duration", "demo/{done} --timeout soon", ...BAD_VALUE],
    ["time that is up", "demo/{busy} --timeout 5", 7, "wait_timeout"],
    ["task that can no longer be so", "demo/{busy} --for deleted --timeout 1", 7, "wait_timeout"],
  ],
  "task followup": [
    ...task(" more"),
    ["missing prompt", "demo/{done}", ...USAGE],
    ["absent prompt file", "demo/{done} @/not/there", ...BAD_VALUE],
    ["never ran", "demo/{idle} more", ...NEVER_RAN],
    ["task that runs", "demo/{busy} more", 5, "wrong_state"],
  ],
  "archive list": [
    ["too many words", "demo extra", ...USAGE],
    ["project that never was", "nope", ...NO_PROJECT],
    ["malformed project name", "No!", ...BAD_PROJECT],
  ],
  "archive show": ARCHIVE,
  "archive logs": [...ARCHIVE, ["archive of a task that never ran", "demo/{lost}", 3, "logs_not_found"]],
  "archive restore": [
    ...ARCHIVE,
    ["unknown project to restore to", "demo/{gone} --into nope", ...NO_PROJECT],
    ["malformed project to restore to", "demo/{gone} --into No!", ...BAD_PROJECT],
  ],
  "agent register": [
    ...ONE_WORD,
    ["malformed name", "No!", ...BAD_VALUE],
    ["version that is not supported", "other --version 2.0", 5, "wrong_state"],
    ["malformed version", "other --version one", 5, "wrong_state"],
    ["suspended agent", "sleepy", 5, "wrong_state"],
    ["retired agent", "old", 5, "wrong_state"],
    ["malformed priority", "other --priority high", ...BAD_VALUE],
    ["absent contract", "other --contract /not/there", ...BAD_VALUE],
    ["contract that is no object", "other --contract {", ...BAD_VALUE],
  ],
  "agent list": NO_WORD,
  "agent show": AGENT,
  "agent suspend": [...AGENT, ["retired agent", "old", 5, "wrong_state"]],
  "agent activate": [...AGENT, ["retired agent", "old", 5, "wrong_state"]],
  "agent retire": AGENT,
  "escalation list": [
    ["too many words", "demo extra", ...USAGE],
    ["unknown project", "nope", ...NO_PROJECT],
    ["malformed project name", "No!", ...BAD_PROJECT],
  ],
  "escalation show": [...task(), ["task that has asked nothing", "demo/{busy}", 3, "escalation_not_found"]],
  "escalation resolve": [
    ...task(" abort"),
    ["missing decision", "demo/{done}", ...USAGE],
    ["unknown decision", "demo/{done} perhaps", ...BAD_VALUE],
    ["task that asks nothing", "demo/{busy} abort", 5, "wrong_state"],
    ["another question than that", "demo/{done} abort --request 0000", 4, "conflict"],
    ["malformed hash", "demo/{done} abort --request x", ...BAD_VALUE],
    ["proposal for another decision", "demo/{done} abort --proposal {}", ...USAGE],
    ["modification of nothing", "demo/{done} modify", ...USAGE],
    ["proposal that is no object", "demo/{done} modify --proposal []", ...BAD_VALUE],
    ["absent proposal", "demo/{done} modify --proposal @/not/there", ...BAD_VALUE],
  ],
  "context get": [...CONTEXT, ["too many words", "state codex extra", ...USAGE]],
  "context set": [...CHANGED_CONTEXT, ["another version", "state codex {} --if-version 7", 4, "conflict"]],
  "context merge": [...CHANGED_CONTEXT, ["another version", "state codex {} --if-version 0", 4, "conflict"]],
  "archive prune": [
    ["too many words", "demo extra --keep-last 1", ...USAGE],
    ["no limit", "demo", ...USAGE],
    ["project that never was", "nope --keep-last 1", ...NO_PROJECT],
    ["malformed project name", "No! --keep-last 1", ...BAD_PROJECT],
    ["two projects", "demo --project nope --keep-last 1", ...USAGE],
    ["project of a flag that never was", "--project nope --keep-last 1", ...NO_PROJECT],
    ["malformed project name of a flag", "--project No! --keep-last 1", ...BAD_PROJECT],
    ["malformed duration", "demo --older-than soon", ...BAD_VALUE],
    ["malformed number", "demo --keep-last few", ...BAD_VALUE],
    ["malformed size", "demo --keep-bytes much", ...BAD_VALUE],
    ["question that nobody answers", "demo --keep-last 0", 2, "input_required"],
  ],
  "lock list": NO_WORD,
  "lock acquire": [
    ...LOCK,
    ["no time to live", "deploy", ...USAGE],
    ["no time at all", "deploy --ttl 0", ...BAD_VALUE],
    ["time that rounds to none", "deploy --ttl 0.0000001", ...BAD_VALUE],
    ["time too long to be counted", "deploy --ttl 100000d", ...BAD_VALUE],
    ["malformed amount", "deploy --ttl 10 --amount many", ...BAD_VALUE],
    ["amount of nothing", "deploy --ttl 10 --amount 0", ...BAD_VALUE],
    ["malformed holder", "deploy --ttl 10 --as=a\tb", ...BAD_VALUE],
    ["more than there is", "deploy --ttl 10 --amount 2", 12, "insufficient_capacity"],
  ],
  "lock release": [
    ...LOCK,
    ["no holder", "deploy", ...USAGE],
    ["malformed token", "deploy --as me --token x", ...BAD_VALUE],
  ],
  "lock run": [
    ["missing argument", "-- true", ...USAGE],
    ["missing command", "deploy", ...USAGE],
    ["malformed name", "No! -- true", ...BAD_VALUE],
    ["more than there is", "deploy --amount 2 -- true", 12, "insufficient_capacity"],
    ["unknown program", "deploy -- nosuchprogram", 127, "start_failed"],
  ],
  "state import": [
    ["missing argument", "", ...USAGE],
    ["too many words", "a.db b.db", ...USAGE],
    ["file that is not there", "nope.db", 10, "storage_failed"],
  ],
  "state prune": [
    ["missing limit", "", ...USAGE],
    ["too many words", "extra --older-than 90d", ...USAGE],
    ["no duration", "--older-than soon", ...BAD_VALUE],
    ["history that may be asked for", "--older-than 6d", ...BAD_VALUE],
  ],
  "storage usage": [
    ["too many words", "demo extra", ...USAGE],
    ["project that never was", "nope", ...NO_PROJECT],
    ["malformed project name", "No!", ...BAD_PROJECT],
    ["unknown order", "--sort age", ...BAD_VALUE],
  ],
  "storage prune": NO_WORD,
  "cache sync": [
    ...PROJECT,
    ["project without an upstream", "demo", 5, "config_missing"],
    ["malformed duration", "kept --timeout soon", ...BAD_VALUE],
  ],
  "cache status": PROJECT.filter(([state]) => state !== "missing argument"),
  "cache clear": PROJECT,
  "op list": [
    ...PLACE,
    ["unknown status", "--status asleep", ...BAD_VALUE],
    ["statuses that exclude each other", "--status closed --unfinished", ...USAGE],
  ],
  "op show": OPERATION,
  "audit list": [
    ...PLACE,
    ["malformed end", "--until later", ...BAD_VALUE],
    ["malformed operation", "--op demo/q7m2x", ...BAD_VALUE],
    ["unknown operation", "--op ffff", 3, "operation_not_found"],
  ],
  "audit verify": [
    ...NO_WORD,
    ["malformed head", "--head 12", ...BAD_VALUE],
    ["head that is cut", `--head 1:${"a".repeat(63)}`, ...BAD_VALUE],
  ],
  "saga list": NO_WORD,
  "saga compensate": OPERATION,
  "retry show": task(),
  "retry reset": task(),
  "state check": NO_WORD,
  doctor: NO_WORD,
  "config paths": NO_WORD,
  "config explain": [
    ...ONE_WORD,
    ["unknown key", "run.imag", 3, "config_key_not_found"],
    ["unknown project", "run.image --project nope", ...NO_PROJECT],
    ["malformed project name", "run.image --project No!", ...BAD_PROJECT],
  ],
  "config validate": [
    ["too many words", "demo extra", ...USAGE],
    ["unknown project", "nope", ...NO_PROJECT],
    ["malformed project name", "No!", ...BAD_PROJECT],
  ],
  "config schema": [["unknown file", "nope", ...BAD_VALUE], ["too many words", "project extra", ...USAGE]],
  "runtime list": NO_WORD,
  help: [["unknown command", "task nap", ...USAGE], ["word below a command", "task run now", ...USAGE]],
  version: NO_WORD,
};
