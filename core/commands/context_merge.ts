/**
 * `carrel context merge`
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

/** Merges into a context. */
export default mutation({
  summary: "Merge a JSON object into a session or a state",
  description:
    "Its members take the place of those of the same name, at the top level; the others stay. Merges that happen at once are all kept.",
  examples: [{ line: "carrel context merge session demo/q7m2x @facts.json", note: "beside what is there" }],
  positionals: [...contextArguments, jsonArgument],
  flags: { ifVersion: ifVersionFlag },
  given: async (app, { args }) => (await readJson(app, args.json, "value")).text,
  async run(app, { args, flags, given: json, options }) {
    const { scope, key } = args;
    const ifVersion = requireVersioned(scope, flags.ifVersion);
    const change = { how: "merge", scope, key, json, ifVersion } as const;
    const { op, version } = await changeContext(await app.carrel(), change, options);
    return { data: await op.answer(() => ({ scope, key, version })) };
  },
  text: (data) => wordMutation(data, (changed) => `merged into ${wordContext(changed)}`),
});
