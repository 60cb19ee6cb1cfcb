/**
 * `carrel agent register`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { registerAgent } from "../engine/register_agent.ts";
import { wordMutation } from "./answer.ts";
import { viewAgent, wordAgent } from "./agent_answer.ts";
import { mutation } from "./mutation.ts";
import { readJson } from "./read_json.ts";

/** Registers an agent. */
export default mutation({
  summary: "Register an agent, so that tasks can run as it (run.agent)",
  description:
    "An agent that is registered and active is registered anew: version, contract and priority are replaced. " +
    "One that is suspended or retired is refused (exit 5).",
  examples: [
    { line: "carrel agent register claude", note: "now run.agent: claude works" },
    { line: "carrel agent register claude --contract agent.json", note: "with what it agrees to" },
  ],
  positionals: [{ name: "agent", summary: "its name: a-z, 0-9, - and _" }],
  flags: {
    version: {
      kind: "value",
      placeholder: "VERSION",
      default: "1.0",
      summary: "the version of the agent; 1.x is accepted",
    },
    contract: {
      kind: "value",
      placeholder: "FILE",
      summary: "what it agrees to: a file with a JSON object, - for stdin, or the object itself",
    },
    priority: {
      kind: "value",
      placeholder: "N",
      default: "0",
      parse: parsePriority,
      summary: "a whole number; greater is more important",
    },
  },
  given: async (app, { flags: { contract } }) =>
    contract === undefined ? {} : (await readJson(app, inPlace(contract), "contract")).object,
  async run(app, { args, flags, given: contract, options }) {
    const carrel = await app.carrel();
    const { version, priority } = flags;
    const { op, agent_id } = await registerAgent(
      carrel,
      args.agent,
      { version, contract, priority },
      options,
    );
    return { data: await op.answer(() => viewAgent(carrel, agent_id)), addresses: [agent_id] };
  },
  text: (data) => wordMutation(data, ({ agent }) => `registered ${wordAgent(agent)}`),
});

/** A contract is mostly a file. */
function inPlace(contract: string): string {
  return contract === "-" || /^\s*\{/.test(contract) || contract.startsWith("@") ? contract : `@${contract}`;
}

function parsePriority(text: string): number {
  const priority = Number(text);
  if (/^[-+]?\d+$/.test(text) && Number.isSafeInteger(priority)) return priority;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a whole number`);
}
