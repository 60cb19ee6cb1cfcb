/**
 * `carrel context set`
 *
 * @module
 */
import { changeContext } from "../engine/change_context.ts";
import { wordMutation } from "./answer.ts";
import {
  contextArguments,
  ifVersionFlag,
  jsonArgument,
  requireVersioned,
  wordContext,
} from "./context_arguments.ts";
import { mutation } from "./mutation.ts";
import { readJson } from "./read_json.ts";

/** Sets a context. */
export default mutation({
  summary: "Set a session or a state to a JSON object",
  description:
    "Nothing of what was there stays. A session belongs to a flow, a state to an agent; each write of a state gives it the next version.",
  examples: [{
    line: "carrel context set state claude @state.json --if-version 0",
    note: "only if it has none yet",
  }],
  positionals: [...contextArguments, jsonArgument],
  flags: { ifVersion: ifVersionFlag },
  given: async (app, { args }) => (await readJson(app, args.json, "value")).text,
  async run(app, { args, flags, given: json, options }) {
    const { scope, key } = args;
    const ifVersion = requireVersioned(scope, flags.ifVersion);
    const change = { how: "set", scope, key, json, ifVersion } as const;
    const { op, version } = await changeContext(await app.carrel(), change, options);
    return { data: await op.answer(() => ({ scope, key, version })) };
  },
  text: (data) => wordMutation(data, (changed) => `set ${wordContext(changed)}`),
});
