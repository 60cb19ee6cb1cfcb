/**
 * `carrel project show`
 *
 * @module
 */
import { formatFields } from "../text/format_fields.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { describeProject } from "../query/describe_project.ts";
import { openProject } from "../query/open_project.ts";
import { command } from "./app.ts";
import { projectArgument } from "./arguments.ts";

/** Shows a project. */
export default command({
  summary: "Show one project",
  examples: [{ line: "carrel project show demo", note: "its settings and places" }],
  positionals: [projectArgument],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const { id } = await openProject(carrel, parseProjectId(args.project));
    const { view, problems: [problem] } = await describeProject(carrel, id);
    return { data: view, addresses: [id], ...(problem === undefined ? {} : { error: problem }) };
  },
  text: (project) =>
    formatFields([
      ["Project", project.project_id],
      ["Description", project.description],
      ["Tasks", project.tasks === null ? null : String(project.tasks)],
      ["Runtime", project.runtime],
      ["Image", project.image],
      ["Upstream", project.upstream_url],
      ["Configuration", project.file],
      ["Tasks directory", project.tasks_root],
      ...project.problems.map((problem) => ["Problem", problem] as const),
    ]),
});
