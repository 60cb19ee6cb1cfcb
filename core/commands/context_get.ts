/**
 * `carrel context get`
 *
 * @module
 */
import type { ContextScope } from "../engine/change_context.ts";
import type { ContextStorage } from "../state/contracts/context.ts";
import { command } from "./app.ts";
import { contextArguments } from "./context_arguments.ts";

/** Shows a context. */
export default command({
  summary: "Show the session of a flow, or the state of an agent",
  description: "What was never written is an empty object; the version of such a state is 0.",
  examples: [
    { line: "carrel context get session demo/q7m2x", note: "a JSON object, digit for digit" },
    { line: "carrel context get state claude --json", note: "with the version that --if-version asks for" },
  ],
  positionals: contextArguments,
  async run(app, { args: { scope, key } }) {
    const state = await (await app.carrel()).existingState();
    const { text, version } = await read(state?.context ?? null, scope, key);
    return { data: { scope, key, value: parseExact(text || "{}"), version } };
  },
  text: ({ value }) => JSON.stringify(value),
});

async function read(
  context: ContextStorage | null,
  scope: ContextScope,
  key: string,
): Promise<{ readonly text: string | null; readonly version: number | null }> {
  if (scope === "session") return { text: await context?.getSession(key) ?? null, version: null };
  const state = await context?.getStateVersioned(key);
  return { text: state?.data ?? null, version: state?.version ?? 0 };
}

/** Integers beyond what JavaScript holds stay as they are written. */
function parseExact(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, { source = "" }: { source?: string } = {}) => {
    const isExact = typeof value !== "number" || !/^-?\d+$/.test(source) || Number.isSafeInteger(value);
    return isExact ? value : JSON.rawJSON(source);
  });
}
