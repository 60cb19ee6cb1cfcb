/**
 * `carrel project delete`
 *
 * @module
 */
import { deleteProject, type ProjectDeletion } from "../engine/delete_project.ts";
import { performedBefore } from "../engine/perform.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { deletionIsIncomplete, wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { projectArgument } from "./arguments.ts";

/** Deletes a project. */
export default mutation({
  summary: "Delete a project; its archives and its settings stay in the archive",
  examples: [{ line: "carrel project delete demo --with-tasks", note: "archives its tasks first" }],
  positionals: [projectArgument],
  flags: { withTasks: { kind: "boolean", summary: "archive its tasks first" } },
  async run(app, { args, flags, options }) {
    const id = parseProjectId(args.project);
    const carrel = await app.carrel();
    // Once deleted, there is no such project any more.
    const result = await performedBefore<ProjectDeletion>(carrel, options) ??
      await deleteProject(carrel, id, { withTasks: flags.withTasks }, options);
    for (const warning of result.warnings) app.io.warn(warning);
    const { archiveIds, configArchive, warnings } = result;
    return {
      data: await result.op.answer(() => ({
        project_id: id,
        archive_ids: archiveIds,
        config_archive: configArchive,
        warnings,
      })),
      addresses: [id],
      ...(result.incomplete ? { error: deletionIsIncomplete() } : {}),
    };
  },
  text: (data) =>
    wordMutation(data, ({ project_id, archive_ids }) =>
      `deleted project ${project_id}` +
      (archive_ids.length === 0
        ? ""
        : `; archived ${archive_ids.length} of its tasks (see carrel archive list)`)),
});
