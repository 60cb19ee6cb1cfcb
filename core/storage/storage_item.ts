/**
 * Something of carrel's that takes disk space, made of one tree or several.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { agentConfigDir, logsDir, workspaceDir } from "../meta/paths.ts";
import type { Files } from "../port/host.ts";
import { measureTrees } from "./measure_trees.ts";
import type { ScanProgress } from "./scan_trees.ts";
import { type MeasuredTree, sumUsage, type TreeUsage, type Unreadable } from "./tree_usage.ts";

/** A part with a figure of its own; what has no parts is all rest. */
export type PartName = "workspace" | "agent_config" | "logs" | "rest";

/** A tree of an item. */
export interface ItemPart {
  readonly part: PartName;
  readonly path: string;
}

/** What is measured together. */
export interface StorageItem {
  /** Says which runtime its files come from. */
  readonly config: Config;
  readonly parts: readonly ItemPart[];
}

/** The figures of an item. */
export class ItemUsage {
  readonly #trees: readonly (ItemPart & MeasuredTree)[];

  constructor(trees: readonly (ItemPart & MeasuredTree)[]) {
    this.#trees = trees;
  }

  /** The figures of one part. */
  of(name: PartName): TreeUsage {
    return sumUsage(this.#trees.filter(({ part }) => part === name));
  }

  /** The figures of all parts. */
  get whole(): TreeUsage {
    return sumUsage(this.#trees);
  }

  /** What is missing in them. */
  get unreadable(): readonly Unreadable[] {
    return this.#trees.flatMap(({ unreadable }) => unreadable);
  }
}

/**
 * The parts of a task's directory, every entry of it; none when it is absent or a link. Only a directory is one
 * of the named parts.
 */
export async function listTaskParts(
  files: Pick<Files, "info" | "list">,
  taskDir: string,
): Promise<ItemPart[]> {
  if ((await files.info(taskDir))?.kind !== "directory") return [];
  const named = new Map<string, PartName>([
    [workspaceDir(taskDir), "workspace"],
    [agentConfigDir(taskDir), "agent_config"],
    [logsDir(taskDir), "logs"],
  ]);
  return (await files.list(taskDir)).map(({ name, kind }) => {
    const path = join(taskDir, name);
    return { part: kind === "directory" ? named.get(path) ?? "rest" : "rest", path };
  });
}

/** Measures items in one scan. Errors: `storage_failed` when it breaks off. */
export async function measureItems<Item extends StorageItem>(
  carrel: Carrel,
  items: readonly Item[],
  onProgress?: (progress: ScanProgress) => void,
): Promise<ReadonlyMap<Item, ItemUsage>> {
  const trees = items.flatMap((item) => item.parts.map((part) => ({ ...part, item, config: item.config })));
  const measured = Map.groupBy(await measureTrees(carrel, trees, onProgress), ({ item }) => item);
  return new Map(items.map((item) => [item, new ItemUsage(measured.get(item) ?? [])]));
}
