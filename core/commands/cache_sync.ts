/**
 * `carrel cache sync`
 *
 * @module
 */
import { syncCloneCache } from "../engine/sync_cache.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { openProject } from "../query/open_project.ts";
import { describeCache } from "../storage/describe_cache.ts";
import { wordMutation } from "./answer.ts";
import { projectArgument, timeoutFlag } from "./arguments.ts";
import { mutation } from "./mutation.ts";

/** Makes or refreshes a clone cache. */
export default mutation({
  summary: "Make or refresh a project's clone cache",
  description: [
    "From then on a task's first run copies the cache, and its container fetches what is newer. Where the upstream " +
    "cannot be reached, the task starts from what was cached, with a warning.",
    "The clone is made aside and checked before it takes the old one's place: whatever fails, the cache is as it was.",
    "git runs as you, with your credentials, and asks nothing. No hook or filter of yours or of the upstream's runs.",
  ].join("\n\n"),
  examples: [
    { line: "carrel cache sync demo", note: "does nothing when the upstream has nothing new" },
    { line: "carrel cache sync demo --timeout 2h", note: "for a large repository on a slow line" },
  ],
  positionals: [projectArgument],
  flags: { timeout: { ...timeoutFlag, summary: "give up after this time", default: "30m" } },
  async run(app, { args, flags, options }) {
    const id = parseProjectId(args.project);
    const carrel = await app.carrel();
    const op = await syncCloneCache(carrel, id, { timeoutS: flags.timeout }, options);
    const { config } = await openProject(carrel, id);
    const upstream = config.get("git.upstream_url");
    return {
      data: await op.answer(async () => ({ cache: await describeCache(carrel, id, upstream) })),
      addresses: [id],
    };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ changed, cache: { project_id, commit, branch } }) =>
        `${project_id} is ${changed ? "now" : "already"} cached at ${commit}` +
        (branch === null ? "" : ` (${branch})`),
    ),
});
