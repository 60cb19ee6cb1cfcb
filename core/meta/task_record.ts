/**
 * A task record with types, read from the merged map of dossier and bookkeeping.
 *
 * Records come from carrel, from every version of the reference, and from hands. So a value of the wrong
 * type counts as absent, and unknown keys are nobody's business here: writing goes key by key.
 *
 * @module
 */
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import type { ExitReason } from "../port/runtime.ts";

/** What a record says, apart from whose it is. Names are the reference's; times are as stored. */
export interface TaskFields {
  readonly name: string | null;
  /** cli, run, web or toad; null = never launched. */
  readonly mode: string | null;
  /** Absolute path of the task directory. */
  readonly workspace: string | null;
  readonly web_port: number | null;
  readonly web_token: string | null;
  readonly created_at: string | null;
  readonly ready_at: string | null;
  /** Whether the record has the key `ready_at`, whatever its value. */
  readonly initialized: boolean;
  readonly stopped_at: string | null;
  readonly unrestricted: boolean | null;
  /** Only a literal true counts. */
  readonly debug: boolean;
  readonly deleting: boolean;
  /** Whether its files are being removed for good: what is left of them is not whole. */
  readonly purging: boolean;
  readonly agent: string | null;
  /** Hash of the token that proves its agent's words; null = it was not launched as a registered agent. */
  readonly agent_session: string | null;
  /** When that agent had last changed in the registry, as its session was opened. */
  readonly agent_changed_at: string | null;
  readonly provider: string | null;
  readonly preset: string | null;
  readonly backend: string | null;
  readonly exit_code: number | null;
  readonly exit_reason: ExitReason | null;
  readonly hooks_fired: readonly string[];
  readonly runtime: string | null;
  readonly image: string | null;
  /** The argv given; null = the image's own command. */
  readonly command: readonly string[] | null;
  /** Names of the variables in `<id>_env`. */
  readonly env_names: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The commit that the workspace was seeded or reset to. */
  readonly base_commit: string | null;
  /** The id that it had before it was restored under this one; null when it was not. */
  readonly restored_from: string | null;
  /** Seconds after which the runtime ends the container; null = no limit. */
  readonly timeout: number | null;
  /** The operation that started the current container. */
  readonly op: string | null;
}

/** A task record. */
export interface TaskRecord extends TaskFields {
  readonly project_id: ProjectId;
  readonly task_id: TaskId;
}

const EXIT_REASONS: readonly ExitReason[] = ["exited", "signal", "oom", "timeout", "stopped", "unknown"];

/**
 * Reads a merged record found at `project` and `id`. The place decides whose record it is: a record that
 * claims another identity must not make carrel act on another task.
 *
 * @example
 * ```ts
 * import { parseProjectId } from "../identity/project_id.ts";
 * import { parseTaskId } from "../identity/task_id.ts";
 * import { toTaskRecord } from "./task_record.ts";
 * import { assertEquals } from "@std/assert";
 * const place = { project: parseProjectId("orchard"), id: parseTaskId("q7m2x") };
 * const record = toTaskRecord({ mode: "cli", web_port: "8080", ready_at: null }, place);
 * assertEquals([record.mode, record.web_port, record.initialized], ["cli", null, true]);
 * ```
 */
export function toTaskRecord(
  map: Readonly<Record<string, unknown>>,
  place: { readonly project: ProjectId; readonly id: TaskId },
): TaskRecord {
  return { project_id: place.project, task_id: place.id, ...toTaskFields(map) };
}

/** Reads everything but the identity; also for `task.json` of an archive. */
export function toTaskFields(map: Readonly<Record<string, unknown>>): TaskFields {
  return {
    name: text(map.name) || null,
    mode: text(map.mode) || null,
    workspace: text(map.workspace) || null,
    web_port: integer(map.web_port),
    web_token: text(map.web_token),
    created_at: text(map.created_at),
    ready_at: text(map.ready_at),
    initialized: Object.hasOwn(map, "ready_at"),
    stopped_at: text(map.stopped_at),
    unrestricted: typeof map.unrestricted === "boolean" ? map.unrestricted : null,
    debug: map.debug === true,
    deleting: map.deleting === true,
    purging: map.purging === true,
    agent: text(map.agent),
    agent_session: text(map.agent_session),
    agent_changed_at: text(map.agent_changed_at),
    provider: text(map.provider),
    preset: text(map.preset),
    backend: text(map.backend),
    exit_code: integer(map.exit_code),
    exit_reason: EXIT_REASONS.find((reason) => reason === map.exit_reason) ?? null,
    hooks_fired: texts(map.hooks_fired) ?? [],
    runtime: text(map.runtime),
    image: text(map.image),
    command: texts(map.command),
    env_names: texts(map.env_names) ?? [],
    labels: textMap(map.labels),
    base_commit: text(map.base_commit),
    restored_from: text(map.restored_from),
    timeout: integer(map.timeout),
    op: text(map.op),
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function integer(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

function texts(value: unknown): string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
}

function textMap(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === "string"));
}
