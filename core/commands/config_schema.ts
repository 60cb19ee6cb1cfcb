/**
 * `carrel config schema`
 *
 * @module
 */
import { command } from "./app.ts";

/** Prints the JSON Schema of the configuration files. */
export default command({
  summary: "Print the JSON Schema of config.yml or project.yml",
  examples: [{ line: "carrel config schema project > project.schema.json", note: "for an editor" }],
  positionals: [{
    name: "file",
    summary: "which file",
    arity: "optional",
    choices: ["project", "global"],
  }],
  async run(_app, { args }) {
    const { configSchema } = await import("../config/config_schema.ts");
    return { data: configSchema(args.file ?? "project") };
  },
  text: (schema) => JSON.stringify(schema, null, 2),
});
