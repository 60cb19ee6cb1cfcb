/**
 * The session of a task's agent: it may run while the agent is active, and a token proves that what its files
 * say is its own.
 *
 * A task whose record has `agent_session` was launched by carrel as a registered agent. All others, such as
 * those that the reference launched, run whatever the registry says, and have no token.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { TaskRecord } from "../meta/task_record.ts";
import { findAgentIfAny, findAgentStatus } from "../query/agents.ts";
import { agentFileInfo, readAgentFile } from "../query/agent_dir.ts";
import { sha256Hex } from "../state/sha256.ts";
import { writeAgentFile } from "./agent_file.ts";
import type { HeldTask } from "./with_task.ts";

/** Under which name a task finds its agent's token in agent-config. */
export const AGENT_TOKEN_FILE = "agent.token";

const TOKEN_BYTES = 32;

/**
 * Stands as `agent_session` in the record of a task that has come back from the archive: it still has to prove
 * whose it is, but no token does until its next start makes one. What lies in an archive may have been read.
 */
export const ENDED_SESSION = "ended";

/** What of a record is about its agent. */
type AgentFacts = Pick<TaskRecord, "agent" | "agent_session" | "agent_changed_at">;

/** Refuses an agent that may not run: `wrong_state`. Null is no agent. */
export async function requireActiveAgent(carrel: Carrel, agent: string | null): Promise<void> {
  if (agent === null) return;
  const found = await findAgentStatus(await carrel.existingState(), agent);
  if (found?.status === "ACTIVE") return;
  throw found === null ? unknownAgent(agent) : barredAgent(agent, found.status, found.suspension_reason);
}

/** The same for the next start of a task that was launched as a registered agent. */
export async function checkSession(carrel: Carrel, { agent, agent_session }: AgentFacts): Promise<void> {
  if (agent_session !== null) await requireActiveAgent(carrel, agent);
}

/** Gives a task that is launched for the first time as an agent its session, and any other the one it had. */
export async function openSession(carrel: Carrel, task: HeldTask, agent: string | null): Promise<void> {
  const { mode, agent_session } = task.record;
  if (mode !== null) await keepSession(carrel, task);
  else if (agent !== null) await ensureToken(carrel, task, agent);
  // A launch that failed may have been one as an agent.
  else if (agent_session !== null) {
    await task.update({ agent_session: undefined, agent_changed_at: undefined });
  }
}

/**
 * Sees to it that the token of a task that has a session is there. One that is lost is replaced, and one of before
 * its agent was changed in the registry: who was suspended may be so because somebody else had the token.
 */
export async function keepSession(carrel: Carrel, task: HeldTask): Promise<void> {
  if (task.record.agent_session !== null) await ensureToken(carrel, task, task.record.agent);
}

/** Whether this is the token of the task's session. Hashes are compared: how long it takes tells nothing. */
export function isSessionToken({ agent_session }: Pick<AgentFacts, "agent_session">, token: string): boolean {
  return agent_session === hashToken(token.trim());
}

async function ensureToken(carrel: Carrel, task: HeldTask, agent: string | null): Promise<void> {
  const changedAt = await lastChange(carrel, agent);
  if (task.record.agent_changed_at === changedAt && await isInForce(carrel, task)) return;
  const fresh = carrel.host.random.bytes(TOKEN_BYTES).toHex();
  await writeAgentFile(carrel, task, AGENT_TOKEN_FILE, `${fresh}\n`, 0o600);
  await task.update({ agent_session: hashToken(fresh), agent_changed_at: changedAt ?? undefined });
}

/** When the registry's row of the agent last changed; null for an agent that is not there. */
async function lastChange(carrel: Carrel, agent: string | null): Promise<string | null> {
  if (agent === null) return null;
  return (await findAgentIfAny(await carrel.existingState(), agent))?.updated_at ?? null;
}

/** Whether the session of the task goes on with the token that lies there. */
async function isInForce(carrel: Carrel, task: HeldTask): Promise<boolean> {
  const { agent_session } = task.record;
  return agent_session !== null && agent_session !== ENDED_SESSION && await holdsToken(carrel, task);
}

/** Whether the file has the session's token; one that only the container's user can read is believed. */
async function holdsToken({ host }: Carrel, { record, taskDir }: HeldTask): Promise<boolean> {
  const token = await readAgentFile(host, taskDir, AGENT_TOKEN_FILE);
  if (token !== null) return isSessionToken(record, token);
  return (await agentFileInfo(host, taskDir, AGENT_TOKEN_FILE))?.kind === "file";
}

function hashToken(token: string): string {
  return `sha256:${sha256Hex(token)}`;
}

function unknownAgent(agent: string): AppError {
  return new AppError("wrong_state", `agent ${agent} is not registered`, {
    hint: `register it with \`carrel agent register ${agent}\``,
    details: { agent_id: agent },
  });
}

function barredAgent(agent: string, status: string, reason: string | null): AppError {
  const why = reason === null ? "" : `: ${reason}`;
  return new AppError("wrong_state", `agent ${agent} is ${status}${why}`, {
    hint: status === "RETIRED"
      ? "a retired agent stays so; set run.agent to another one"
      : `let it work again with \`carrel agent activate ${agent}\``,
    details: { agent_id: agent, status, suspension_reason: reason },
  });
}
