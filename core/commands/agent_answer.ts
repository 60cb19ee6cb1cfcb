/**
 * What the commands about agents answer.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Outcome } from "../cli/define_command.ts";
import type { MutationAnswer, MutationOptions } from "../engine/operation.ts";
import { type AgentChange, setAgentStatus } from "../engine/set_agent_status.ts";
import { type AgentView, findAgent } from "../query/agents.ts";
import { wordMutation } from "./answer.ts";
import type { App } from "./app.ts";

/** An agent as the answer of a verb shows it. */
export async function viewAgent(carrel: Carrel, name: string): Promise<{ readonly agent: AgentView }> {
  return { agent: await findAgent(await carrel.state(), name) };
}

/** `agent claude 1.0 (ACTIVE)` */
export function wordAgent({ agent_id, agent_version, status }: AgentView): string {
  return `agent ${agent_id}${agent_version === null ? "" : ` ${agent_version}`} (${status})`;
}

/** What a verb about the status of an agent answers. */
type StatusAnswer = MutationAnswer<{ readonly agent: AgentView }>;

/** Changes the status of an agent; the verbs `suspend`, `activate` and `retire`. */
export async function answerStatus(
  app: App,
  name: string,
  change: AgentChange,
  reason: string | null,
  options: MutationOptions,
): Promise<Outcome<StatusAnswer>> {
  const carrel = await app.carrel();
  const { op, agent_id } = await setAgentStatus(carrel, name, change, reason, options);
  return { data: await op.answer(() => viewAgent(carrel, agent_id)), addresses: [agent_id] };
}

/** `now agent claude 1.0 (SUSPENDED)` */
export function wordStatus(data: StatusAnswer): string {
  return wordMutation(data, ({ changed, agent }) => `${changed ? "now" : "already"} ${wordAgent(agent)}`);
}
