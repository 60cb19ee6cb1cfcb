/**
 * `carrel runtime list`
 *
 * @module
 */
import { formatTable } from "../cli/table.ts";
import { command } from "./app.ts";

/** Lists what can run tasks. */
export default command({
  summary: "List the runtimes, and whether each works here",
  examples: [{ line: "carrel runtime list", note: "what run.runtime may be" }],
  async run(app) {
    const carrel = await app.carrel();
    const config = await carrel.config();
    const chosen = config.getOrDefault("run.runtime");
    const runtimes = await Promise.all(carrel.plugins.map(async (plugin) => {
      const report = await plugin.probe(carrel.runtimeContext(config));
      return { name: plugin.name, summary: plugin.summary, default: plugin.name === chosen, ...report };
    }));
    return { data: runtimes, addresses: runtimes.map(({ name }) => name) };
  },
  text: (runtimes, look) =>
    formatTable(
      [{ header: "RUNTIME" }, { header: "WORKS" }, { header: "VERSION" }, {
        header: "DETAIL",
        shrinks: true,
      }],
      runtimes.map(({ name, default: chosen, works, version, detail }) => [
        chosen ? `${name} (default)` : name,
        works ? look.style.green("yes") : look.style.red("no"),
        version ?? "",
        detail,
      ]),
      look,
    ),
});
