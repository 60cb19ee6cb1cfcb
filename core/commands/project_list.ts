/**
 * `carrel project list`
 *
 * @module
 */
import { formatTable } from "../cli/table.ts";
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
    return { data: projects, addresses: ids };
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
        String(tasks),
        problems.length > 0 ? look.style.red("broken") : runtime ?? "",
        image ?? "",
        description ?? "",
      ]),
      look,
    ),
});
