/**
 * Command lines that work, and how they must fail on spoilt machines.
 *
 * @module
 */
import { BAD_CONFIG, DAMAGED, DENIED, type Failure, PARTIAL } from "./failures.ts";
import type { SPOILS } from "./scene.ts";

/** How a machine is spoilt. */
export type SpoilName = keyof typeof SPOILS;

/** A command line that works on a sound machine, and how it fails on spoilt ones; on the others it works. */
export interface SpoiltLine {
  readonly words: string;
  readonly failures: Partial<Readonly<Record<SpoilName, Failure>>>;
  /** Spoilt machines on which the failure comes after the first change, by contract. */
  readonly changed?: readonly SpoilName[];
}

const RECORD = {
  "damaged dossier": DAMAGED,
  "damaged bookkeeping": DAMAGED,
  "empty bookkeeping": DAMAGED,
} as const;
const LISTED_RECORD = {
  "damaged dossier": PARTIAL,
  "damaged bookkeeping": PARTIAL,
  "empty bookkeeping": PARTIAL,
} as const;
const PLACES = { "unreadable records": DENIED, "unreadable projects": DENIED } as const;
const ARCHIVES = { "damaged archive": DAMAGED, "unreadable archive": DENIED } as const;
const PODMAN = {
  "podman missing": [9, "runtime_unavailable"],
  "podman hanging": [9, "runtime_timeout"],
  "podman babbling": [9, "runtime_failed"],
  "podman silent": [9, "runtime_failed"],
  "podman locked": [9, "runtime_failed"],
} as const;
/** What only a person can put right, and what could not be looked at. */
const UNCHECKED = {
  "broken project.yml": PARTIAL,
  "unreadable records": PARTIAL,
  "unreadable archive": PARTIAL,
  "unreadable projects": PARTIAL,
  "podman missing": PARTIAL,
  "podman hanging": PARTIAL,
  "podman babbling": PARTIAL,
  "podman silent": PARTIAL,
  "podman locked": PARTIAL,
} as const;
const PODMAN_NAMES = [
  "podman missing",
  "podman hanging",
  "podman babbling",
  "podman silent",
  "podman locked",
] as const;

/** What stands between a verb and the container of a sound task, and of one whose record may be damaged. */
const TO_CONTAINER = { ...PLACES, ...PODMAN, "broken project.yml": BAD_CONFIG } as const;
const TO_TASK = { ...RECORD, ...TO_CONTAINER } as const;
const TO_HELD_TASK = { ...TO_TASK, "locked task": [6, "lock_timeout"] } as const;

/** A failure as `exec` tells it: its own status, so that no command's status is taken for carrel's. */
function ofExec<Name extends string>(failures: Readonly<Record<Name, Failure>>): Record<Name, Failure> {
  const told = { ...failures } as Record<Name, Failure>;
  for (const name in told) told[name] = [125, told[name][1]];
  return told;
}

/** Commands that work on files of SQLite, of which a machine in memory has none; each with its own test. */
export const ON_DISK_ONLY: Readonly<Record<string, string>> = {
  "state import": "tests/commands/state_import_test.ts",
};

/** Lines of every other command. */
export const SPOILT_LINES: Readonly<Record<string, readonly SpoiltLine[]>> = {
  "project new": [{ words: "other --runtime fake", failures: { "unreadable projects": DENIED } }],
  "project list": [{
    words: "",
    failures: {
      "broken project.yml": PARTIAL,
      "unknown config key": PARTIAL,
      "broken config.yml": PARTIAL,
      "unreadable records": PARTIAL,
      "unreadable projects": DENIED,
    },
  }],
  "project show": [{
    words: "demo",
    failures: {
      ...PLACES,
      "broken project.yml": BAD_CONFIG,
      "unknown config key": BAD_CONFIG,
      "broken config.yml": BAD_CONFIG,
    },
  }],
  "project delete": [{
    words: "demo --with-tasks",
    failures: { ...TO_HELD_TASK, "unreadable archive": [10, "archive_failed"] },
    // The tasks before it are archived already.
    changed: ["locked task"],
  }],
  "task new": [{
    words: "demo",
    failures: {
      ...PLACES,
      "unreadable archive": DENIED,
      "broken project.yml": BAD_CONFIG,
      "broken config.yml": BAD_CONFIG,
    },
  }],
  "task run": [
    {
      words: "demo --detach -- make",
      failures: {
        ...PLACES,
        ...PODMAN,
        "unreadable archive": DENIED,
        "broken project.yml": BAD_CONFIG,
        "unknown config key": BAD_CONFIG,
        "broken config.yml": BAD_CONFIG,
      },
      // The task is there, and a warning says how to start it.
      changed: PODMAN_NAMES,
    },
    {
      words: "demo/{idle} --detach",
      failures: {
        ...PLACES,
        ...PODMAN,
        "broken project.yml": BAD_CONFIG,
        "unknown config key": BAD_CONFIG,
        "broken config.yml": BAD_CONFIG,
      },
      // The record names the runtime before it is asked for a container.
      changed: PODMAN_NAMES,
    },
  ],
  "task start": [{ words: "demo/{done}", failures: { ...TO_HELD_TASK, "broken config.yml": BAD_CONFIG } }],
  "task restart": [
    { words: "demo/{done}", failures: { ...TO_HELD_TASK, "broken config.yml": BAD_CONFIG } },
    {
      words: "demo/{busy}",
      failures: { ...TO_CONTAINER, "broken config.yml": BAD_CONFIG },
    },
    {
      words: "demo/{done} --recreate",
      failures: { ...TO_HELD_TASK, "unknown config key": BAD_CONFIG, "broken config.yml": BAD_CONFIG },
    },
  ],
  "task stop": [{ words: "demo/{done}", failures: TO_HELD_TASK }],
  "task rename": [{
    words: "demo/{done} other",
    failures: { ...RECORD, ...PLACES, "broken project.yml": BAD_CONFIG, "locked task": [6, "lock_timeout"] },
  }],
  "task delete": [{
    words: "demo/{done}",
    failures: { ...TO_HELD_TASK, "unreadable archive": [10, "archive_failed"] },
  }],
  "task list": [
    {
      words: "",
      failures: {
        ...LISTED_RECORD,
        ...PODMAN,
        "broken project.yml": PARTIAL,
        "unreadable records": PARTIAL,
        "unreadable projects": DENIED,
      },
    },
    {
      words: "demo",
      failures: { ...LISTED_RECORD, ...PODMAN, ...PLACES, "broken project.yml": PARTIAL },
    },
  ],
  "task status": [{ words: "demo/{done}", failures: TO_TASK }],
  "task logs": [
    { words: "demo/{done}", failures: { ...RECORD, ...PLACES, "broken project.yml": BAD_CONFIG } },
    { words: "demo/{done} --follow", failures: TO_TASK },
  ],
  "task diff": [{
    words: "demo/{busy} --head",
    failures: TO_CONTAINER,
  }],
  "task exec": [{ words: "demo/{busy} -- true", failures: ofExec(TO_CONTAINER) }],
  "task login": [{ words: "demo/{busy} --json", failures: TO_CONTAINER }],
  "task wait": [{ words: "demo/{done}", failures: TO_TASK }],
  "task followup": [{
    words: "demo/{done} more --detach",
    failures: { ...TO_HELD_TASK, "broken config.yml": BAD_CONFIG },
  }],
  "archive list": [
    { words: "", failures: { "damaged archive": PARTIAL, "unreadable archive": PARTIAL } },
    { words: "demo", failures: { "damaged archive": PARTIAL, "unreadable archive": DENIED } },
  ],
  "archive show": [{ words: "demo/{gone}", failures: ARCHIVES }],
  "archive logs": [{ words: "demo/{gone}", failures: ARCHIVES }],
  "archive restore": [{
    words: "demo/{gone}",
    failures: { ...ARCHIVES, ...PLACES, "broken project.yml": BAD_CONFIG },
  }],
  "agent register": [{ words: "claude", failures: {} }],
  "agent list": [{ words: "", failures: {} }],
  "agent show": [{ words: "codex", failures: {} }],
  "agent suspend": [{ words: "codex", failures: {} }],
  "agent activate": [{ words: "sleepy", failures: {} }],
  "agent retire": [{ words: "codex", failures: {} }],
  "escalation list": [
    {
      words: "",
      failures: {
        ...LISTED_RECORD,
        "broken project.yml": PARTIAL,
        "unreadable records": PARTIAL,
        "unreadable projects": DENIED,
      },
    },
    { words: "demo --all", failures: { ...LISTED_RECORD, ...PLACES, "broken project.yml": PARTIAL } },
  ],
  "escalation show": [{
    words: "demo/{done}",
    failures: { ...RECORD, ...PLACES, "broken project.yml": BAD_CONFIG },
  }],
  "escalation resolve": [{
    words: "demo/{done} override",
    failures: { ...RECORD, ...PLACES, "broken project.yml": BAD_CONFIG, "locked task": [6, "lock_timeout"] },
  }],
  "context get": [{ words: "state codex", failures: {} }],
  "context set": [{ words: "session flow {}", failures: {} }],
  "context merge": [{ words: "state codex {}", failures: {} }],
  // A damaged archive goes as well: its name tells how old it is.
  "archive prune": [{
    words: "demo --keep-last 0 --yes",
    failures: { "unreadable archive": DENIED },
  }],
  // Whoever cannot see the tasks does not know what they refer to.
  "state prune": [{
    words: "--older-than 90d",
    failures: {
      "unreadable projects": DENIED,
      "unreadable records": DENIED,
      "unreadable archive": DENIED,
    },
  }],
  "lock list": [{ words: "", failures: {} }],
  "lock acquire": [{ words: "deploy --ttl 10 --as me", failures: { "broken config.yml": BAD_CONFIG } }],
  "lock release": [{ words: "held --as script", failures: {} }],
  "lock run": [{ words: "deploy -- true", failures: { "broken config.yml": BAD_CONFIG } }],
  "storage usage": [
    {
      words: "",
      failures: {
        "broken project.yml": PARTIAL,
        "unreadable records": PARTIAL,
        "unreadable archive": PARTIAL,
        "unreadable projects": DENIED,
      },
    },
    {
      words: "demo",
      failures: {
        "broken project.yml": PARTIAL,
        "unreadable records": PARTIAL,
        "unreadable archive": PARTIAL,
        "unreadable projects": PARTIAL,
      },
    },
  ],
  "storage prune": [{
    words: "",
    failures: {
      "broken project.yml": PARTIAL,
      "unreadable records": PARTIAL,
      "unreadable archive": PARTIAL,
      "unreadable projects": PARTIAL,
    },
  }],
  "cache sync": [{
    words: "kept",
    failures: { "unreadable projects": DENIED },
  }],
  "cache status": [
    {
      words: "",
      failures: { "broken project.yml": PARTIAL, "unreadable projects": DENIED },
    },
    { words: "kept", failures: { "unreadable projects": DENIED } },
  ],
  "cache clear": [{ words: "kept", failures: {} }],
  // What was recorded can be read and settled whatever has become of the tasks.
  "op list": [
    { words: "", failures: {} },
    { words: "--task demo/{done} --since 1d --limit 3", failures: {} },
  ],
  "op show": [{ words: "{op}", failures: {} }],
  "audit list": [
    { words: "", failures: {} },
    { words: "--op {op} --event operation --until 2030-01-01", failures: {} },
  ],
  "audit verify": [{ words: "", failures: {} }],
  "saga list": [{ words: "", failures: {} }],
  "saga compensate": [{ words: "{op}", failures: {} }],
  "retry show": [{ words: "demo/{done}", failures: PLACES }],
  "retry reset": [{ words: "demo/{done}", failures: PLACES }],
  "state check": [{ words: "", failures: {} }],
  doctor: [
    { words: "", failures: { ...LISTED_RECORD, "damaged archive": PARTIAL, ...UNCHECKED } },
    // Damaged files are written anew.
    { words: "--fix", failures: UNCHECKED },
  ],
  "config paths": [{ words: "", failures: {} }],
  "config explain": [
    { words: "run.image", failures: { "broken config.yml": BAD_CONFIG } },
    {
      words: "run.user --project demo",
      failures: {
        "broken project.yml": BAD_CONFIG,
        "broken config.yml": BAD_CONFIG,
        "unreadable projects": DENIED,
      },
    },
  ],
  "config validate": [{
    words: "",
    failures: {
      "broken project.yml": BAD_CONFIG,
      "unknown config key": BAD_CONFIG,
      "broken config.yml": BAD_CONFIG,
      "unreadable projects": DENIED,
    },
  }],
  "config schema": [{ words: "", failures: {} }],
  "runtime list": [{ words: "", failures: {} }],
  help: [{ words: "", failures: {} }],
  version: [{ words: "", failures: {} }],
};
