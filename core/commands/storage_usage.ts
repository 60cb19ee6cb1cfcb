/**
 * `carrel storage usage`
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Io } from "../cli/io.ts";
import { newProgress } from "../cli/progress.ts";
import { AppError } from "../error.ts";
import { parseProjectId, type ProjectId } from "../identity/project_id.ts";
import type { Paths } from "../meta/paths.ts";
import { requireTraces } from "../query/require_traces.ts";
import { type MeasuredStorage, measureStorage } from "../storage/measure_storage.ts";
import type { StorageUsage, TaskUsage } from "../storage/storage_usage.ts";
import { formatBytes } from "../text/format_bytes.ts";
import { command } from "./app.ts";
import { formatUsageTable, type Measure, taskFigures } from "./usage_table.ts";

/** What tasks can be sorted by: a figure, the largest first, or the address. */
const ORDERS = ["total", "workspace", "agent-config", "logs", "task"] as const;

/** So many paths are named one by one; JSON has them all. */
const UNREADABLE_NAMED_MAX = 10;

/** Shows what takes the disk. */
export default command({
  summary: "Show what takes the disk: tasks, shared mounts, clone caches, archives",
  description:
    "Sizes are apparent ones; a file with several names counts once in each part (a workspace, a clone " +
    "cache, an archive...) that has one of them, and totals are sums of parts. Links are not followed. " +
    "carrel's own records are not counted. Paths that cannot be read are named; the figures without them " +
    "are shown, with exit 11.",
  examples: [
    { line: "carrel storage usage", note: "everything, the largest first" },
    { line: "carrel storage usage demo --sort workspace", note: "one project, the largest workspaces first" },
    {
      line: "carrel storage usage --allocated",
      note: "blocks on the disk: sparse and small files as they count there",
    },
    { line: "carrel storage usage -q", note: "addresses of tasks, the largest first, for another command" },
  ],
  positionals: [{ name: "project", summary: "only this project, also a deleted one", arity: "optional" }],
  flags: {
    sort: {
      kind: "value",
      placeholder: "WORD",
      choices: ORDERS,
      default: "total",
      summary: "what tasks are sorted by",
    },
    containers: {
      kind: "boolean",
      summary: "also what containers have written outside of their mounts; this can take long",
    },
    allocated: { kind: "boolean", summary: "show what is taken on the disk in place of apparent sizes" },
  },
  async run(app, { args, flags }) {
    const carrel = await app.carrel();
    const project = args.project === undefined ? null : parseProjectId(args.project);
    if (project !== null) await requireTraces(carrel, project, tracesOf(carrel.paths, project));
    const progress = newProgress(app.io, app.host.clock);
    const measured = await measureStorage(carrel, project, {
      containers: flags.containers,
      onProgress: ({ files, bytes }) =>
        progress.update(() => `files measured: ${files} (${formatBytes(bytes)})`),
    }).finally(() => progress.end());
    const measure: Measure = flags.allocated ? "allocated" : "apparent";
    const tasks = sortTasks(measured.usage.tasks, flags.sort, measure);
    warnOfUnreadable(app.io, measured);
    return {
      data: { ...measured.usage, tasks, sort: flags.sort, measure },
      addresses: tasks.map(({ project_id, task_id }) => `${project_id}/${task_id}`),
      ...incomplete(measured),
    };
  },
  text: (usage, look) =>
    usage.total_bytes === 0 && usage.tasks.length === 0 ? "nothing takes space" : [
      formatUsageTable(usage, { measure: usage.measure, bySize: usage.sort === "total" }, look),
      ...sayWhatCouldGo(usage),
    ].join(""),
});

/** Nothing of it goes by itself, unless a project says so. */
function sayWhatCouldGo({ archives }: StorageUsage): string[] {
  const bytes = archives.reduce((sum, { allocated_bytes }) => sum + allocated_bytes, 0);
  if (bytes === 0) return [];
  return [`archives take ${formatBytes(bytes)} of the disk, which \`carrel archive prune\` frees`];
}

/** What takes space is shown, also of a project that was deleted or has lost its configuration. */
function tracesOf(paths: Paths, project: ProjectId): readonly string[] {
  return [dirname(paths.archiveDir(project)), paths.liveTasksRoot(project), paths.cloneCacheDir(project)];
}

function sortTasks(
  tasks: readonly TaskUsage[],
  order: typeof ORDERS[number],
  measure: Measure,
): readonly TaskUsage[] {
  // They come by address.
  if (order === "task") return tasks;
  return tasks.toSorted((a, b) => taskFigures(b, measure)[order] - taskFigures(a, measure)[order]);
}

function warnOfUnreadable(io: Io, { usage: { unreadable } }: MeasuredStorage): void {
  for (const { path, reason } of unreadable.slice(0, UNREADABLE_NAMED_MAX)) {
    io.warn(`${path} is not counted: ${reason}`);
  }
  const left = unreadable.length - UNREADABLE_NAMED_MAX;
  if (left > 0) io.warn(`${left} more paths are not counted; --json names them all`);
}

/** The error that stands beside figures which are too small. */
function incomplete({ usage, problems }: MeasuredStorage): { readonly error?: AppError } {
  const count = usage.unreadable.length;
  const messages = [
    ...problems.map(({ message }) => message),
    ...(count === 0 ? [] : [`${count} path${count === 1 ? "" : "s"} could not be read`]),
  ];
  if (messages.length === 0) return {};
  return {
    error: new AppError("partial", [...new Set(messages)].join("; "), {
      hint: problems[0]?.hint ??
        "the figures are without them; look at the owners and modes of the paths named",
    }),
  };
}
