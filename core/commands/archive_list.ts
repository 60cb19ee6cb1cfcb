/**
 * `carrel archive list`
 *
 * @module
 */
import { dirname } from "@std/path";
import { formatTable } from "../cli/table.ts";
import { AppError } from "../error.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { listArchives, toArchiveView } from "../query/archives.ts";
import { requireTraces } from "../query/require_traces.ts";
import { command } from "./app.ts";

/** Lists deleted tasks. */
export default command({
  summary: "List deleted tasks, newest first",
  examples: [{ line: "carrel archive list demo", note: "what can be restored" }],
  positionals: [{ name: "project", summary: "only this project, also a deleted one", arity: "optional" }],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const project = args.project === undefined ? null : parseProjectId(args.project);
    // A deleted project has at least its directory in the archive.
    if (project !== null) await requireTraces(carrel, project, [dirname(carrel.paths.archiveDir(project))]);
    const { archives, damaged } = await listArchives(carrel, project);
    const data = archives.map(toArchiveView);
    return {
      data,
      addresses: data.map(({ project_id, archive_id }) => `${project_id}/${archive_id}`),
      ...(damaged.length === 0 ? {} : {
        error: new AppError("partial", damaged.map(({ message }) => message).join("; "), {
          hint: "the other archives are listed",
        }),
      }),
    };
  },
  text: (archives, look) =>
    archives.length === 0 ? "no archived tasks" : formatTable(
      [
        { header: "ARCHIVE", shrinks: true },
        { header: "TASK" },
        { header: "NAME", shrinks: true },
        { header: "MODE" },
        { header: "EXIT", align: "right" },
      ],
      archives.map(({ project_id, archive_id, task_id, name, mode, exit_code }) => [
        archive_id,
        `${project_id}/${task_id}`,
        name,
        mode ?? "",
        exit_code === null ? "" : String(exit_code),
      ]),
      look,
    ),
});
