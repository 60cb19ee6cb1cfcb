/**
 * `carrel help`
 *
 * @module
 */
import { formatHelp } from "../cli/format_help.ts";
import { loadHelpPage } from "../cli/help.ts";
import { command } from "./app.ts";
import { COMMANDS } from "./mod.ts";

/** Shows help. */
export default command({
  summary: "Show help for carrel, a group or a command",
  examples: [{ line: "carrel help task run", note: "the same as carrel task run --help" }],
  positionals: [{ name: "words", placeholder: "COMMAND", summary: "a group or a command", arity: "any" }],
  run: async (_app, { args }) => ({ data: await loadHelpPage(COMMANDS, args.words) }),
  text: formatHelp,
});
