/**
 * `carrel archive prune`
 *
 * @module
 */
import { dirname } from "@std/path";
import { parseSize } from "../config/parse_size.ts";
import { type ArchiveChoice, chooseArchives } from "../engine/choose_archives.ts";
import { performedBefore } from "../engine/perform.ts";
import { pruneArchives, type Pruned } from "../engine/prune_archives.ts";
import type { ArchiveLimits } from "../engine/select_archives.ts";
import { AppError } from "../error.ts";
import { parseProjectId, type ProjectId } from "../identity/project_id.ts";
import { parseDuration } from "../parse_duration.ts";
import { requireTraces } from "../query/require_traces.ts";
import { formatBytes } from "../text/format_bytes.ts";
import { wordMutation } from "./answer.ts";
import type { App } from "./app.ts";
import { mutation } from "./mutation.ts";

/** Removes archives for good. */
export default mutation({
  summary: "Remove archives of deleted tasks for good, to free their disk",
  description:
    "At least one limit is needed. With several, an archive goes that any of them names, but never one of the newest that --keep-last protects. It works on a full disk and when the state store cannot be used. Nothing is pruned by itself unless archive.keep_for is set.",
  examples: [
    { line: "carrel archive prune demo --older-than 14d --dry-run", note: "what would go" },
    {
      line: "carrel archive prune --older-than 14d --keep-last 5 --yes",
      note: "the newest five of each project stay",
    },
    { line: "carrel archive prune --keep-bytes 20G --yes", note: "the oldest go until the rest fits" },
  ],
  positionals: [{ name: "project", summary: "only this project, also a deleted one", arity: "optional" }],
  flags: {
    project: { kind: "value", placeholder: "PROJECT", summary: "the same as the word PROJECT" },
    olderThan: {
      kind: "value",
      placeholder: "DURATION",
      summary: "what was deleted longer ago goes, in seconds or like 36h, 14d",
      parse: parseDuration,
    },
    keepLast: {
      kind: "value",
      placeholder: "N",
      summary: "the newest N of each project stay; alone: all others go",
      parse: parseCount,
    },
    keepBytes: {
      kind: "value",
      placeholder: "SIZE",
      summary: "the newest that fit into SIZE on the disk, such as 20G, stay; the others go",
      parse: parseSize,
    },
    yes: { kind: "boolean", summary: "answer yes to the question whether they are to go" },
  },
  async run(app, { args, flags, options }) {
    const limits = limitsOf(flags);
    const carrel = await app.carrel();
    const project = projectOf(args.project, flags.project);
    if (project !== null) await requireTraces(carrel, project, [dirname(carrel.paths.archiveDir(project))]);
    const result = await performedBefore<Pruned>(carrel, options) ?? await (async () => {
      const choice = await chooseArchives(carrel, project, limits);
      if (!flags.yes && options.dryRun !== true) await confirmPrune(app, choice);
      return await pruneArchives(carrel, choice, { project, args: { ...limits } }, options);
    })();
    for (const warning of result.warnings) app.io.warn(warning);
    return {
      data: await result.op.answer(() => toAnswer(result)),
      addresses: result.archives.map(({ project_id, archive_id }) => `${project_id}/${archive_id}`),
      ...(result.left.length === 0 ? {} : { error: someAreLeft(result) }),
    };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ archive_ids, freed_bytes }) =>
        archive_ids.length === 0
          ? "nothing to prune"
          : `pruned ${countOf(archive_ids.length)}; ${formatBytes(freed_bytes)} of the disk are free again`,
    ),
});

/** Null = all of them. */
function projectOf(word: string | undefined, flag: string | undefined): ProjectId | null {
  if (word !== undefined && flag !== undefined && word !== flag) {
    throw new AppError("usage", "PROJECT and --project name two projects", {
      hint: "give one of them, or neither for the archives of all projects",
    });
  }
  const name = word ?? flag;
  return name === undefined ? null : parseProjectId(name);
}

function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a number of archives`, {
    hint: "write a whole number from 0 up",
  });
}

/** The limits that were given. */
function limitsOf(
  { olderThan, keepLast, keepBytes }: {
    readonly olderThan: number | undefined;
    readonly keepLast: number | undefined;
    readonly keepBytes: number | undefined;
  },
): ArchiveLimits {
  if (olderThan === undefined && keepLast === undefined && keepBytes === undefined) {
    throw new AppError("usage", "a limit is needed: --older-than, --keep-last or --keep-bytes", {
      hint: "carrel archive prune --older-than 14d --dry-run shows what would go",
    });
  }
  return {
    ...(olderThan === undefined ? {} : { olderThanS: olderThan }),
    ...(keepLast === undefined ? {} : { keepLast }),
    ...(keepBytes === undefined ? {} : { keepBytes }),
  };
}

async function confirmPrune(app: App, { archives }: ArchiveChoice): Promise<void> {
  if (archives.length === 0) return;
  const bytes = archives.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0);
  const question = `Remove ${countOf(archives.length)} (${
    formatBytes(bytes)
  }) for good, workspaces included?`;
  if (await app.io.confirm(question, "--yes")) return;
  throw new AppError("input_required", "not confirmed; nothing was pruned", {
    hint: "answer y, or give --yes",
  });
}

function toAnswer({ archives, warnings }: Pruned) {
  return {
    archive_ids: archives.map(({ archive_id }) => archive_id),
    archives,
    freed_bytes: archives.reduce((sum, { allocated_bytes }) => sum + allocated_bytes, 0),
    warnings,
  };
}

function countOf(count: number): string {
  return `${count} archive${count === 1 ? "" : "s"}`;
}

function someAreLeft({ archives, left }: Pruned): AppError {
  return new AppError(
    "partial",
    `${left.length} of ${left.length + archives.length} archives were not pruned`,
    {
      hint: "see the warnings; what was pruned is gone",
    },
  );
}
