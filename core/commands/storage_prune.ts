/**
 * `carrel storage prune`
 *
 * @module
 */
import { pruneStorage, type RemovedLeftover } from "../engine/prune_storage.ts";
import { AppError } from "../error.ts";
import { formatBytes } from "../text/format_bytes.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Removes what dead processes have left. */
export default mutation({
  summary: "Remove what was left behind: half removed archives, unfinished copies, stale caches",
  description:
    "Only what nothing needs goes: no task, no archive, no clone cache of a project that is there. Temporary files go when they are a day old. It works on a full disk and when the state store cannot be used.",
  examples: [
    { line: "carrel storage prune --dry-run", note: "what would go" },
    { line: "carrel storage prune", note: "frees it" },
  ],
  async run(app, { options }) {
    const { op, removed, warnings } = await pruneStorage(await app.carrel(), options);
    for (const warning of warnings) app.io.warn(warning);
    return {
      data: await op.answer(() => ({
        removed,
        kinds: sumByKind(removed),
        freed_bytes: sumFreed(removed),
        warnings,
      })),
      addresses: [],
      ...(warnings.length === 0 ? {} : { error: incomplete(warnings) }),
    };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ removed, freed_bytes }) =>
        removed.length === 0 ? "nothing was left behind" : [
          ...removed.map(({ kind, path }) => `removed ${kind}: ${path}`),
          `${formatBytes(freed_bytes)} of the disk are free again`,
        ].join("\n"),
    ),
});

/** What of each kind is gone, and the bytes of the disk that it took. */
function sumByKind(removed: readonly RemovedLeftover[]) {
  return Array.from(Map.groupBy(removed, ({ kind }) => kind), ([kind, all]) => ({
    kind,
    count: all.length,
    freed_bytes: sumFreed(all),
  }));
}

function sumFreed(removed: readonly RemovedLeftover[]): number {
  return removed.reduce((sum, { allocated_bytes }) => sum + allocated_bytes, 0);
}

function incomplete(warnings: readonly string[]): AppError {
  const [first = ""] = warnings;
  const more = warnings.length === 1 ? "" : ` (and ${warnings.length - 1} more)`;
  return new AppError("partial", `${first}${more}`, {
    hint: "see the warnings; what could be removed is gone",
  });
}
