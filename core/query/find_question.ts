/**
 * The file in which a task asks for a person.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type Escalation, ESCALATION_FILE, parseEscalation } from "../meta/escalation.ts";
import { AGENT_FILE_BYTES_MAX } from "../meta/untrusted_yaml.ts";
import type { FileInfo } from "../port/host.ts";
import { sha256Hex } from "../state/sha256.ts";
import { agentFileInfo, readAgentBytes } from "./agent_dir.ts";
import type { StoredTask } from "./stored_task.ts";

/** A question as it stands in a task's file; whether it is to be heeded is another matter. */
export interface FoundQuestion {
  /** SHA-256 of the file, in hex. */
  readonly request: string;
  readonly escalation: Escalation;
  /** The time of the file, microseconds since the epoch, not later than now. */
  readonly writtenAt: number;
}

/** Reads the file; null when there is none, a sentence when it is no question. Never throws for what it holds. */
export async function findQuestion(
  carrel: Carrel,
  { taskDir, escalation: info }: Pick<StoredTask, "taskDir" | "escalation">,
): Promise<FoundQuestion | string | null> {
  if (info === null) return null;
  const bytes = await readAgentBytes(carrel.host, taskDir, ESCALATION_FILE);
  if (bytes === null) return whyUnread(await agentFileInfo(carrel.host, taskDir, ESCALATION_FILE));
  const parsed = await parseEscalation(bytes);
  if (!parsed.ok) return parsed.problem;
  const now = carrel.host.clock.nowMicros();
  // The file is the task's own: any time can stand there, and some are no time at all.
  const micros = Math.round(info.modifiedMs * 1000);
  return {
    request: sha256Hex(bytes),
    escalation: parsed.escalation,
    writtenAt: micros >= 0 && micros < now ? micros : now,
  };
}

function whyUnread(info: FileInfo | null): string | null {
  if (info === null) return null;
  if (info.kind !== "file") return "it is not a plain file";
  const isLarge = info.sizeBytes > AGENT_FILE_BYTES_MAX;
  return isLarge ? `it is larger than ${AGENT_FILE_BYTES_MAX / 1024} KiB` : "it cannot be read";
}
