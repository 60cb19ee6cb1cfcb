/**
 * The directories that all containers share.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { AppError } from "../error.ts";
import { mountLabel } from "./mount_label.ts";
import { readOrMiss } from "./read_or_miss.ts";
import type { StorageItem } from "./storage_item.ts";

/** An agent's directory that all containers share. */
export interface MountItem extends StorageItem {
  /** Of the directory. */
  readonly name: string;
  /** For people. */
  readonly label: string;
}

/** The shared mounts below a directory, sorted by name; none when it is absent. */
export async function listMountItems(
  carrel: Carrel,
  mountsDir: string,
  problems: AppError[],
): Promise<MountItem[]> {
  const config = await carrel.config();
  const agents = config.getOrDefault("agents");
  const entries = await readOrMiss(problems, carrel.host.files.list(mountsDir)) ?? [];
  return entries.filter(({ kind }) => kind === "directory").map(({ name }) => ({
    name,
    label: mountLabel(name, agents),
    config,
    parts: [{ part: "rest", path: join(mountsDir, name) }],
  }));
}
