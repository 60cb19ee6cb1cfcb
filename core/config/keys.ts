/**
 * Every configuration key: what it may hold, what it is when nobody says, who may say it, what it does.
 *
 * Parsing, defaults, `config explain`, the JSON Schema and the `CARREL_*` twins all come from this
 * table. The module loads zod; whoever needs only names imports its types.
 *
 * @module
 */
import * as z from "zod/mini";
import { checkHistoryAge } from "../history_age.ts";
import { AGENT_NAME } from "../identity/agent_name.ts";
import { fakeSchema } from "./fake_schema.ts";
import { anywhere, inGlobal, inProject, key, type KeyRule } from "./key_rule.ts";
import { parseAbsolutePath, parseMount } from "./parse_mount.ts";
import { parsePodmanArgs } from "./parse_podman_args.ts";
import { parseUpstreamUrl } from "./parse_upstream_url.ts";
import {
  agents,
  amounts,
  branchName,
  categories,
  command,
  cpus,
  memory,
  pids,
  port,
  runtimeName,
  variables,
} from "./setting_schemas.ts";
import { absolutePath, anyText, duration, line, matching, parsed, size, whole, word } from "./value_rules.ts";

const DAY_S = 86_400;

const PORT_DEFAULT = 8080;

/** The table, in the order in which documentation shows it. */
export const CONFIG_KEYS = {
  "paths.root": key({
    schema: absolutePath,
    default: null,
    summary: "where everything but configuration is kept",
    scopes: inGlobal,
    variable: "CARREL_ROOT",
  }),

  "project.name": key({
    schema: line,
    default: null,
    summary: "the project's name; must equal the name of its directory",
    scopes: inProject,
    variable: null,
  }),
  "project.description": key({
    schema: anyText,
    default: null,
    summary: "what the project is, for people",
    scopes: inProject,
    variable: null,
  }),

  "git.upstream_url": key({
    schema: parsed(z.string({ error: "must be text" }), parseUpstreamUrl),
    default: null,
    summary: "repository that workspaces are cloned from: a URL, user@host:path or a local path",
    scopes: inProject,
  }),
  "git.default_branch": key({
    schema: branchName,
    default: null,
    summary: "branch to check out; the repository's own when not set",
    scopes: inProject,
  }),

  "tasks.root": key({
    schema: absolutePath,
    default: null,
    summary: "directory of this project's task directories",
    scopes: inProject,
    // One directory for all projects would be meant by a variable, and would mix their tasks.
    variable: null,
  }),
  "tasks.name_categories": key({
    schema: categories,
    default: null,
    summary: "word categories that random task names are made from",
    scopes: anywhere,
  }),

  "run.runtime": key({
    schema: runtimeName,
    default: "podman",
    summary: "what runs tasks: podman, process, fake or an external runtime",
    scopes: anywhere,
  }),
  "run.image": key({
    schema: word("the name of an image"),
    default: null,
    summary: "image of a task's container",
    scopes: anywhere,
  }),
  "run.pull": key({
    schema: z.enum(["never", "missing", "always", "newer"], {
      error: "must be one of never, missing, always, newer",
    }),
    default: "never",
    summary: "when the image is fetched",
    scopes: anywhere,
  }),
  "run.command": key({
    schema: command,
    default: null,
    summary: "command of mode run; a text is given to sh -c",
    scopes: anywhere,
  }),
  "run.env": key({
    schema: variables,
    default: {},
    summary: "variables of the command; null takes the value from carrel's own environment",
    scopes: anywhere,
  }),
  "run.user": key({
    schema: matching(
      /^[A-Za-z0-9_][\w.-]*(?::[A-Za-z0-9_][\w.-]*)?$/,
      "USER or USER:GROUP, names or numbers",
    ),
    default: null,
    summary: "user in the container; by default the one that owns the workspace",
    scopes: anywhere,
  }),
  "run.workdir": key({
    schema: absolutePath,
    default: null,
    summary: "working directory in the container; /workspace when not set",
    scopes: anywhere,
  }),
  "run.network": key({
    schema: word("a network mode of podman's"),
    default: null,
    summary: "network mode; podman's default when not set",
    scopes: anywhere,
  }),
  "run.memory": key({
    schema: memory,
    default: null,
    summary: "memory limit, as podman writes sizes",
    scopes: anywhere,
  }),
  "run.cpus": key({
    schema: cpus,
    default: null,
    summary: "how many CPUs a task may use, a decimal number",
    scopes: anywhere,
  }),
  "run.pids": key({
    schema: pids,
    default: null,
    summary: "how many processes a task may have; -1 for no limit",
    scopes: anywhere,
  }),
  "run.mounts": key({
    schema: parsed(
      z.array(line, { error: "must be a list of mounts, HOST:CONTAINER[:ro]" }),
      (given) => given.map(parseMount),
    ),
    default: [],
    summary: "further host paths in the container, HOST:CONTAINER[:ro]",
    scopes: anywhere,
  }),
  "run.fake": key({
    schema: fakeSchema,
    default: {},
    summary: "what containers of the fake runtime do",
    scopes: anywhere,
  }),
  "run.podman_args": key({
    schema: parsed(
      z.array(anyText, { error: "must be a list of arguments" }),
      parsePodmanArgs,
    ),
    default: [],
    summary: "further arguments for podman create; what carrel decides itself is refused",
    scopes: anywhere,
  }),
  "run.timeout": key({
    // Zero lifts a limit that a layer below has set.
    schema: parsed(duration(365 * DAY_S), (seconds) => seconds === 0 ? null : seconds),
    default: null,
    summary: "a task is ended after this time; 0 for no limit",
    scopes: anywhere,
  }),
  "run.shutdown_timeout": key({
    schema: duration(DAY_S),
    default: 10,
    summary: "time between the request to end and the kill",
    scopes: anywhere,
  }),
  "run.resources": key({
    schema: amounts,
    default: {},
    summary: "what a running task takes of the limits; one of slots, unless it says otherwise",
    scopes: anywhere,
  }),
  "run.retries.max": key({
    schema: whole(0, 100, "a whole number from 0 to 100"),
    default: 0,
    summary: "how often a start is tried again that failed because of the runtime",
    scopes: anywhere,
  }),
  "run.retries.backoff": key({
    schema: duration(DAY_S),
    default: 1,
    summary: "time before the first of these tries; each further one waits twice as long",
    scopes: anywhere,
  }),
  "run.agent": key({
    schema: matching(AGENT_NAME, "the name of an agent"),
    default: null,
    summary: "agent that tasks run as; it must be registered and active",
    scopes: anywhere,
  }),
  "run.escalations.max": key({
    schema: whole(0, 1000, "a whole number from 0 to 1000"),
    default: 3,
    summary: "how often an agent may ask for a person's decision within run.escalations.window",
    scopes: anywhere,
  }),
  "run.escalations.window": key({
    schema: duration(365 * DAY_S),
    default: 3600,
    summary: "time in which the questions of an agent are counted",
    scopes: anywhere,
  }),
  "run.unrestricted": key({
    schema: z.boolean({ error: "must be true or false" }),
    default: true,
    summary: "whether the command may gain privileges in the container",
    scopes: anywhere,
  }),
  "run.web.command": key({
    schema: command,
    default: null,
    summary: "command of mode web; serves the port",
    scopes: anywhere,
  }),
  "run.web.port": key({
    schema: port,
    default: PORT_DEFAULT,
    summary: "port in the container that mode web serves",
    scopes: anywhere,
  }),
  "run.toad.command": key({
    schema: command,
    default: null,
    summary: "command of mode toad; serves the port",
    scopes: anywhere,
  }),
  "run.toad.port": key({
    schema: port,
    default: PORT_DEFAULT,
    summary: "port in the container that mode toad serves",
    scopes: anywhere,
  }),

  "hooks.pre_start": key({
    schema: anyText,
    default: null,
    summary: "command on the host before a task starts; not run by this version",
    scopes: anywhere,
    isRun: false,
  }),
  "hooks.post_start": key({
    schema: anyText,
    default: null,
    summary: "command on the host after a task has started; not run by this version",
    scopes: anywhere,
    isRun: false,
  }),
  "hooks.post_ready": key({
    schema: anyText,
    default: null,
    summary: "command on the host when a task is ready; not run by this version",
    scopes: anywhere,
    isRun: false,
  }),
  "hooks.post_stop": key({
    schema: anyText,
    default: null,
    summary: "command on the host after a task has stopped; not run by this version",
    scopes: anywhere,
    isRun: false,
  }),

  "shared_dir": key({
    schema: parsed(
      z.union([z.boolean(), line], { error: "must be true, false or an absolute path" }),
      (given) => typeof given === "boolean" ? given : parseAbsolutePath(given),
    ),
    default: false,
    summary: "directory that all tasks of a project see at /shared; true for one beside the tasks",
    scopes: anywhere,
  }),

  "storage.min_free": key({
    schema: parsed(size, (bytes) => bytes === 0 ? null : bytes),
    default: null,
    summary: "no task is made or run while less than this is free on its disk; 0 for no limit",
    scopes: anywhere,
  }),
  "storage.project_budget": key({
    schema: parsed(size, (bytes) => bytes === 0 ? null : bytes),
    default: null,
    summary:
      "no task is made or run while its project's tasks, cache and archives take more than this; each time all of them are measured; 0 for no limit",
    scopes: anywhere,
  }),
  "archive.keep_for": key({
    schema: parsed(duration(10 * 365 * DAY_S), (seconds) => seconds === 0 ? null : seconds),
    default: null,
    summary:
      "deletions remove the workspaces of archives older than this, and archives older than four times this; 0 or not set: nothing goes by itself",
    scopes: anywhere,
  }),
  "state.keep_for": key({
    schema: parsed(duration(10 * 365 * DAY_S), (seconds) => seconds === 0 ? null : checkHistoryAge(seconds)),
    default: null,
    summary:
      "deletions forget operations and events of the audit that are older than this, 7d at least; 0 or not set: nothing goes by itself",
    scopes: inGlobal,
  }),

  "logs.max_bytes": key({
    schema: parsed(size, (bytes) => bytes === 0 ? null : bytes),
    default: null,
    summary: "a task's log is cut beyond this size; 0 for no limit",
    scopes: anywhere,
  }),

  "limits": key({
    schema: amounts,
    default: {},
    summary:
      "how much there is of each resource (slots, memory, gpu, any name) for all running tasks together",
    scopes: inGlobal,
  }),

  "runtime.podman.connection": key({
    schema: word("the name of a podman connection"),
    default: null,
    summary: "podman connection to a remote engine",
    scopes: anywhere,
  }),

  "agents": key({
    schema: agents,
    default: {},
    summary: "what is known of agents; label: the words shown for the agent's shared mount",
    scopes: inGlobal,
  }),
} as const;

/** The name of a key. */
export type ConfigKey = keyof typeof CONFIG_KEYS;

/** What a key holds: a value of its type, or null where that is the default. */
export type ConfigValue<K extends ConfigKey> =
  | typeof CONFIG_KEYS[K]["schema"]["_zod"]["output"]
  | (null extends typeof CONFIG_KEYS[K]["default"] ? null : never);

/** Every key, in the table's order. */
export const CONFIG_KEY_NAMES: readonly ConfigKey[] = Object.keys(CONFIG_KEYS).filter(isConfigKey);

/** True if there is a key of that name. */
export function isConfigKey(text: string): text is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, text);
}

/** The row of a key, without the detail of its type. */
export function keyRule(name: ConfigKey): KeyRule {
  return CONFIG_KEYS[name];
}

/** The environment variable that sets a key; null when none does. */
export function keyVariable(name: ConfigKey): string | null {
  const { variable } = keyRule(name);
  return variable === undefined ? `CARREL_${name.toUpperCase().replaceAll(".", "_")}` : variable;
}
