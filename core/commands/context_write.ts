/**
 * What `carrel context set` and `carrel context merge` have in common.
 *
 * @module
 */
import type { Declaration } from "../cli/declaration.ts";
import type { Command } from "../cli/define_command.ts";
import { changeContext, type ContextChange } from "../engine/change_context.ts";
import { wordMutation } from "./answer.ts";
import type { App } from "./app.ts";
import {
  contextArguments,
  ifVersionFlag,
  jsonArgument,
  requireVersioned,
  wordContext,
} from "./context_arguments.ts";
import { mutation } from "./mutation.ts";
import { readJson } from "./read_json.ts";

/** Declares the command that writes in that way; `done` words what it did. */
export function contextWrite(
  how: ContextChange["how"],
  done: string,
  help: Pick<Declaration, "summary" | "description" | "examples">,
): Command<App> {
  return mutation({
    ...help,
    positionals: [...contextArguments, jsonArgument],
    flags: { ifVersion: ifVersionFlag },
    given: async (app, { args }) => (await readJson(app, args.json, "value")).text,
    async run(app, { args, flags, given: json, options }) {
      const { scope, key } = args;
      const ifVersion = requireVersioned(scope, flags.ifVersion);
      const { op, version } = await changeContext(
        await app.carrel(),
        { how, scope, key, json, ifVersion },
        options,
      );
      return { data: await op.answer(() => ({ scope, key, version })) };
    },
    text: (data) => wordMutation(data, (changed) => `${done} ${wordContext(changed)}`),
  });
}
