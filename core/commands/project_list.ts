/**
 * `carrel project list`
 *
 * @module
 */
import { formatTable } from "../cli/table.ts";
import { AppError } from "../error.ts";
import { describeProject } from "../query/describe_project.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import { command } from "./app.ts";

/** Lists projects. */
export default command({
  summary: "List projects",
  examples: [{ line: "carrel project list --json", note: "with their settings and number of tasks" }],
  async run(app) {
    const carrel = await app.carrel();
    const ids = await listProjectIds(carrel);
    const projects = await Promise.all(ids.map((id) => describeProject(carrel, id)));
    const problems = projects.flatMap((project) => project.problems);
    return {
      data: projects.map(({ view }) => view),
      addresses: ids,
      ...(problems.length === 0 ? {} : { error: listingError(problems) }),
    };
  },
  text: (projects, look) =>
    projects.length === 0 ? "no projects; make one with `carrel project new NAME`" : formatTable(
      [
        { header: "PROJECT" },
        { header: "TASKS", align: "right" },
        { header: "RUNTIME" },
        { header: "IMAGE", shrinks: true },
        { header: "DESCRIPTION", shrinks: true },
      ],
      projects.map(({ project_id, tasks, runtime, image, description, problems }) => [
        project_id,
        tasks === null ? "" : String(tasks),
        problems.length > 0 ? look.style.red("broken") : runtime ?? "",
        image ?? "",
        description ?? "",
      ]),
      look,
    ),
});

/** A file that all projects share is named once. */
function listingError(problems: readonly AppError[]): AppError {
  const messages = [...new Set(problems.map(({ message }) => message))];
  return new AppError("partial", messages.join("; "), {
    hint:
      "`carrel project show` tells more of one project, `carrel config validate` what is wrong with settings",
  });
}
