/**
 * `carrel cache clear`
 *
 * @module
 */
import { clearCache } from "../engine/clear_cache.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { wordMutation } from "./answer.ts";
import { projectArgument } from "./arguments.ts";
import { mutation } from "./mutation.ts";

/** Removes a clone cache. */
export default mutation({
  summary: "Remove a project's clone cache",
  description: "New workspaces are then cloned by their containers. Those that were seeded stay as they are.",
  examples: [{ line: "carrel cache clear demo", note: "frees its disk; no cache is success too" }],
  positionals: [projectArgument],
  async run(app, { args, options }) {
    const id = parseProjectId(args.project);
    const op = await clearCache(await app.carrel(), id, options);
    return { data: await op.answer(() => ({ project_id: id })), addresses: [id] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ changed, project_id }) =>
        changed ? `cleared the clone cache of ${project_id}` : `${project_id} has no clone cache`,
    ),
});
