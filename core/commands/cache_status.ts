/**
 * `carrel cache status`
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { formatTable } from "../cli/table.ts";
import { AppError, isAppError } from "../error.ts";
import { parseProjectId, type ProjectId } from "../identity/project_id.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import { openProject } from "../query/open_project.ts";
import { type CacheView, describeCache } from "../storage/describe_cache.ts";
import { command } from "./app.ts";

/** Shows clone caches. */
export default command({
  summary: "Show clone caches, of one project or of all",
  examples: [{
    line: "carrel cache status",
    note: "every project with an upstream or a cache: whether it is cached, and at which commit",
  }],
  positionals: [{ name: "project", summary: "the project; default: all", arity: "optional" }],
  async run(app, { args }) {
    const carrel = await app.carrel();
    if (args.project !== undefined) {
      const { id, config } = await openProject(carrel, parseProjectId(args.project));
      return { data: [await describeCache(carrel, id, config.get("git.upstream_url"))], addresses: [id] };
    }
    const { caches, problems } = await describeCaches(carrel);
    return {
      data: caches,
      addresses: caches.map(({ project_id }) => project_id),
      ...(problems.length === 0 ? {} : { error: listingError(problems) }),
    };
  },
  text: (caches, look) =>
    caches.length === 0
      ? "no project has an upstream to cache; see `carrel project new --help`"
      : formatTable(
        [
          { header: "PROJECT" },
          { header: "COMMIT" },
          { header: "BRANCH", shrinks: true },
          { header: "SYNCED" },
          { header: "PROBLEM", shrinks: true },
        ],
        caches.map(({ project_id, commit, branch, synced_at, problem }) => [
          project_id,
          commit?.slice(0, 12) ?? (problem === null ? "no cache" : ""),
          branch ?? "",
          synced_at?.replace(/\.\d+/, "") ?? "",
          problem === null ? "" : look.style.red(problem),
        ]),
        look,
      ),
});

/** Caches of all projects that have one or could; a broken configuration hides no cache. */
async function describeCaches(
  carrel: Carrel,
): Promise<{ readonly caches: readonly CacheView[]; readonly problems: readonly AppError[] }> {
  const caches: CacheView[] = [];
  const problems: AppError[] = [];
  for (const id of await listProjectIds(carrel)) {
    const upstream = await upstreamOf(carrel, id);
    if (isAppError(upstream)) problems.push(upstream);
    const cache = await describeCache(carrel, id, isAppError(upstream) ? null : upstream);
    if (cache.cached || cache.problem !== null || upstream !== null) caches.push(cache);
  }
  return { caches, problems };
}

async function upstreamOf(carrel: Carrel, id: ProjectId): Promise<string | null | AppError> {
  try {
    return (await carrel.config(id)).get("git.upstream_url");
  } catch (error) {
    if (isAppError(error, "invalid_config")) return error;
    throw error;
  }
}

/** A file that all projects share is named once. */
function listingError(problems: readonly AppError[]): AppError {
  const messages = [...new Set(problems.map(({ message }) => message))];
  return new AppError("partial", messages.join("; "), {
    hint: "`carrel config validate` tells what is wrong with settings",
  });
}
