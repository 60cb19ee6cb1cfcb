/**
 * What an agent says of its work, in `agent-config/work-status.yml` and `pending-phase.yml`.
 *
 * The files lie where the task can write anything. Reading never throws: what is malformed, or refused by
 * {@linkcode parseUntrustedYaml}, says nothing.
 *
 * @module
 */
import { encodeDocument } from "../yaml/scalar.ts";
import { parseUntrustedYaml } from "./untrusted_yaml.ts";

/** The words that have a label; any other is kept as it is. */
export const WORK_STATUSES = [
  "planning",
  "coding",
  "testing",
  "debugging",
  "reviewing",
  "documenting",
  "done",
  "blocked",
  "error",
] as const;

/** What the agent is doing. */
export interface WorkStatus {
  readonly status: string | null;
  readonly message: string | null;
}

/** A change of phase that another tool has asked for. */
export interface PendingPhase {
  readonly phase: string | null;
  readonly prompt: string | null;
}

/**
 * Reads `work-status.yml`: a map with `status` and perhaps `message`, or a bare status.
 *
 * @example
 * ```ts
 * import { parseWorkStatus } from "./work_status.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await parseWorkStatus("status: testing\nmessage: 3 of 5\n"), { status: "testing", message: "3 of 5" });
 * assertEquals(await parseWorkStatus("coding\n"), { status: "coding", message: null });
 * assertEquals(await parseWorkStatus("status: [unclosed"), { status: null, message: null });
 * ```
 */
export async function parseWorkStatus(text: string): Promise<WorkStatus> {
  const value = await readValue(text);
  if (typeof value === "string") return { status: textOrNull(value), message: null };
  const { status, message } = asObject(value);
  return { status: textOrNull(status), message: textOrNull(message) };
}

/**
 * Writes `work-status.yml`. To say nothing, remove the file.
 *
 * @example
 * ```ts
 * import { encodeWorkStatus } from "./work_status.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodeWorkStatus({ status: "done", message: null }), "status: done\n");
 * ```
 */
export function encodeWorkStatus({ status, message }: { status: string; message: string | null }): string {
  return encodeDocument(message === null ? { status } : { status, message });
}

/**
 * Reads `pending-phase.yml`: `phase` (a text that is not empty) and `prompt` (empty when absent, null when
 * it is no text).
 *
 * @example
 * ```ts
 * import { parsePendingPhase } from "./work_status.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(await parsePendingPhase("phase: review\n"), { phase: "review", prompt: "" });
 * ```
 */
export async function parsePendingPhase(text: string): Promise<PendingPhase> {
  const { phase, prompt } = asObject(await readValue(text));
  return {
    phase: textOrNull(phase),
    prompt: prompt === undefined ? "" : typeof prompt === "string" ? prompt : null,
  };
}

/** Writes `pending-phase.yml`. */
export function encodePendingPhase({ phase, prompt }: { phase: string; prompt: string }): string {
  return encodeDocument({ phase, prompt });
}

/** Null for text that is no YAML, or not to be trusted. */
async function readValue(text: string): Promise<unknown> {
  const parsed = await parseUntrustedYaml(text);
  return parsed.ok ? parsed.value : null;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
