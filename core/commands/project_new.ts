/**
 * `carrel project new`
 *
 * @module
 */
import { newProject } from "../engine/new_project.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Makes a project. */
export default mutation({
  summary: "Make a project: a project.yml with its settings",
  examples: [
    { line: "carrel project new demo --image localhost/dev", note: "tasks run in that image" },
    {
      line: "carrel project new demo --image localhost/dev --git https://example.org/app.git",
      note: "workspaces are cloned from there",
    },
  ],
  positionals: [{ name: "project", summary: "its name: a-z, 0-9, - and _" }],
  flags: {
    image: { kind: "value", placeholder: "IMAGE", summary: "run.image" },
    git: { kind: "value", placeholder: "URL", summary: "git.upstream_url" },
    runtime: { kind: "value", placeholder: "NAME", summary: "run.runtime" },
    description: { kind: "value", placeholder: "TEXT", summary: "project.description" },
  },
  async run(app, { args, flags, options }) {
    const request = {
      image: flags.image ?? null,
      upstream: flags.git ?? null,
      runtime: flags.runtime ?? null,
      description: flags.description ?? null,
    };
    const { op, project, file } = await newProject(await app.carrel(), args.project, request, options);
    return { data: await op.answer(() => ({ project_id: project, file })), addresses: [project] };
  },
  text: (data) => wordMutation(data, ({ project_id, file }) => `created project ${project_id}: ${file}`),
});
