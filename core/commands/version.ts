/**
 * `carrel version`
 *
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };
import { command } from "./app.ts";

/** Prints the version. */
export default command({
  summary: "Print the version",
  examples: [{ line: "carrel version --json", note: "name and version" }],
  run: () => Promise.resolve({ data: { name: "carrel", version: manifest.version } }),
  text: ({ name, version }) => `${name} ${version}`,
});
