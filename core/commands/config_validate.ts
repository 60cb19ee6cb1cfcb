/**
 * `carrel config validate`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import { openProject } from "../query/open_project.ts";
import { command } from "./app.ts";

/** Checks the configuration. */
export default command({
  summary: "Check the configuration, of one project or of all",
  examples: [{
    line: "carrel config validate",
    note: "every problem with file and line; exit 2 if there is one",
  }],
  positionals: [{ name: "project", summary: "only this project", arity: "optional" }],
  async run(app, { args }) {
    // The answer has the warnings: they are not said on the way as well.
    const carrel = await app.carrel({}, () => {});
    const projects = args.project === undefined
      ? await listProjectIds(carrel)
      : [(await openProject(carrel, parseProjectId(args.project))).id];
    const configs = [await carrel.config(), ...await Promise.all(projects.map((id) => carrel.config(id)))];
    const problems = new Map<string, AppError>();
    const warnings = new Set<string>();
    for (const config of configs) {
      for (const problem of config.problems) problems.set(problem.message, problem);
      for (const warning of config.warnings) warnings.add(warning);
    }
    const found = [...problems.values()];
    for (const warning of app.io.json ? [] : warnings) app.io.warn(warning);
    return {
      data: {
        valid: found.length === 0,
        problems: found.map(({ code, message, hint, details }) => ({ code, message, hint, ...details })),
        warnings: [...warnings],
      },
      ...(found.length === 0 ? {} : { error: invalid(found) }),
    };
  },
  text: ({ valid }) => valid ? "the configuration is sound" : "",
});

function invalid(problems: readonly AppError[]): AppError {
  const [first] = problems;
  const message = problems.map((problem) => problem.message).join("\n");
  return new AppError("invalid_config", message, first?.hint == null ? {} : { hint: first.hint });
}
