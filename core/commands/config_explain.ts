/**
 * `carrel config explain`
 *
 * @module
 */
import { formatFields } from "../text/format_fields.ts";
import type { Origin } from "../config/config.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { openProject } from "../query/open_project.ts";
import { command } from "./app.ts";

/** Says where a value comes from. */
export default command({
  summary: "Show the value of a configuration key and where it comes from",
  examples: [{
    line: "carrel config explain run.image --project demo",
    note: "every layer that says something",
  }],
  positionals: [{ name: "key", summary: "the key, e.g. run.image" }],
  flags: { project: { kind: "value", placeholder: "PROJECT", summary: "as that project sees it" } },
  async run(app, { args, flags }) {
    const { findConfigKey } = await import("../config/find_config_key.ts");
    const key = findConfigKey(args.key);
    const carrel = await app.carrel();
    const config = flags.project === undefined
      ? await carrel.config()
      : (await openProject(carrel, parseProjectId(flags.project))).config;
    const { problem, ...explained } = config.explain(key);
    return { data: explained, ...(problem === null ? {} : { error: problem }) };
  },
  text: (explained) =>
    formatFields([
      ["Key", explained.key],
      ["What", explained.summary],
      ["Value", JSON.stringify(explained.value)],
      ["From", formatOrigin(explained.origin)],
      ...explained.layers.slice(1).map(({ origin, value, valid }) =>
        ["Hidden", `${JSON.stringify(value)} (${formatOrigin(origin)}${valid ? "" : ", not valid"})`] as const
      ),
      ["Default", JSON.stringify(explained.default)],
    ]),
});

function formatOrigin({ where, line }: Origin): string {
  return line === null ? where : `${where}:${line}`;
}
