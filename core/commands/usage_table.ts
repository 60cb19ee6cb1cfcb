/**
 * What takes the disk, as a table that can be read at a glance.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Look } from "../cli/style.ts";
import { formatTable } from "../cli/table.ts";
import type { ArchiveUsage, StorageUsage, TaskUsage } from "../storage/storage_usage.ts";
import { formatBar } from "../text/format_bar.ts";
import { formatBytes } from "../text/format_bytes.ts";

/** Which figures are shown: apparent sizes, or what they take on the disk. */
export type Measure = "apparent" | "allocated";

const BAR_CELLS = 10;

/** A line before it is worded; only tasks have parts. */
interface UsageRow {
  readonly kind: string;
  readonly name: string;
  readonly parts: readonly number[];
  readonly bytes: number;
}

/** The figures of a task that a table shows. */
export interface TaskFigures {
  readonly workspace: number;
  readonly "agent-config": number;
  readonly logs: number;
  /** Of the whole directory. */
  readonly total: number;
}

/** Takes one kind of figures out of all. */
export function taskFigures(task: TaskUsage, measure: Measure): TaskFigures {
  if (measure === "apparent") {
    return {
      workspace: task.workspace_bytes,
      "agent-config": task.agent_config_bytes,
      logs: task.logs_bytes,
      total: task.directory_bytes,
    };
  }
  return {
    workspace: task.workspace_allocated_bytes,
    "agent-config": task.agent_config_allocated_bytes,
    logs: task.logs_allocated_bytes,
    total: task.directory_allocated_bytes,
  };
}

/** Lines for tasks in their order, then for everything else; `bySize`: the largest first, whatever it is. */
export function formatUsageTable(
  usage: StorageUsage,
  { measure, bySize }: { readonly measure: Measure; readonly bySize: boolean },
  look: Look,
): string {
  const tasks = usage.tasks.map((task) => taskRow(task, measure));
  const others = otherRows(usage, measure).sort(largestFirst);
  const rows = bySize ? [...tasks, ...others].sort(largestFirst) : [...tasks, ...others];
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = [0, 1, 2].map((part) => tasks.reduce((sum, row) => sum + (row.parts[part] ?? 0), 0));
  const lines = rows.map((
    row,
  ) => [...wordRow(row), formatBar(total === 0 ? 0 : row.bytes / total, BAR_CELLS)]);
  const totalLine = wordRow({ kind: "total", name: "", parts, bytes: total }).map(look.style.bold);
  return formatTable(
    [
      { header: "KIND" },
      { header: "NAME", shrinks: true },
      { header: "WORKSPACE", align: "right" },
      { header: "CONFIG", align: "right" },
      { header: "LOGS", align: "right" },
      { header: measure === "apparent" ? "TOTAL" : "ON DISK", align: "right" },
      { header: "SHARE" },
    ],
    [...lines, totalLine],
    look,
  );
}

function largestFirst(a: UsageRow, b: UsageRow): number {
  return b.bytes - a.bytes;
}

function wordRow({ kind, name, parts, bytes }: UsageRow): string[] {
  return [kind, name, ...[0, 1, 2].map((part) => sizeOrBlank(parts[part])), formatBytes(bytes)];
}

/** What is not there at all is no figure to read. */
function sizeOrBlank(bytes = 0): string {
  return bytes === 0 ? "" : formatBytes(bytes);
}

function taskRow(task: TaskUsage, measure: Measure): UsageRow {
  const address = `${task.project_id}/${task.task_id}`;
  const figures = taskFigures(task, measure);
  return {
    kind: "task",
    name: task.name === null ? address : `${address} ${task.name}`,
    parts: [figures.workspace, figures["agent-config"], figures.logs],
    bytes: figures.total,
  };
}

function otherRows(usage: StorageUsage, measure: Measure): UsageRow[] {
  const { mounts, caches, archives, others, containers } = usage;
  const bytesOf = (each: { readonly bytes: number; readonly allocated_bytes: number }) =>
    measure === "apparent" ? each.bytes : each.allocated_bytes;
  const row = (kind: string, name: string, bytes: number): UsageRow => ({ kind, name, parts: [], bytes });
  const sum = (some: readonly ArchiveUsage[]) => some.reduce((bytes, each) => bytes + bytesOf(each), 0);
  return [
    ...mounts.map((mount) => row("mount", mount.label, bytesOf(mount))),
    ...caches.map((cache) => row("cache", cache.project_id, bytesOf(cache))),
    ...Array.from(
      Map.groupBy(archives, ({ project_id }) => project_id),
      ([project, some]) => row("archive", `${project}: ${some.length} deleted`, sum(some)),
    ),
    ...others.map((other) => row("other", `${other.project_id}: ${basename(other.path)}`, bytesOf(other))),
    ...(containers ?? []).map(({ container_name, bytes }) => row("container", container_name, bytes)),
  ];
}
