/**
 * Tasks whose record names a runtime that there is none of: nobody can tell whether they run.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { formatAddress } from "../../identity/address.ts";
import { metaPath } from "../../meta/paths.ts";
import { hasRuntime } from "../../query/runtime_of.ts";
import { listRecords } from "./engines.ts";
import type { Diagnosis } from "./finding.ts";
import { surveyProjects } from "./known_projects.ts";

/** See the module. Which runtime it was, only a person knows. */
export async function unknownRuntimes(carrel: Carrel): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const names = carrel.plugins.map(({ name }) => name).join(", ");
  for (const project of (await surveyProjects(carrel)).known) {
    for (const record of await listRecords(carrel, project)) {
      if (hasRuntime(carrel, record)) continue;
      const where = formatAddress(project.id, record.task_id);
      const file = metaPath(project.metaDir, record.task_id);
      const what = `its record names the runtime ${record.runtime}, which there is none of; correct ` +
        `\`runtime:\` in ${file} to one of: ${names}, or give it up with \`carrel task delete --purge ${where}\``;
      found.push({ code: "runtime_unknown", what, where, fix: null, repair: null });
    }
  }
  return found;
}
