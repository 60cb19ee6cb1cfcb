/**
 * Removing containers, whatever they do.
 *
 * @module
 */
import type { RemoveResult } from "../../core/port/runtime.ts";
import type { ListedContainer } from "./container_list.ts";
import { isForeign } from "./container_names.ts";
import type { Engine } from "./engine.ts";
import { podmanSentence } from "./failure.ts";
import { listContainers } from "./list_containers.ts";

const REMOVE_TIMEOUT_MS = 120_000;

/** podman gives up on a container whose watcher is dead, but has settled its state by then. */
const TRIES = 2;

/**
 * Kills and removes containers with their anonymous volumes. Those of another root are absent here.
 *
 * What is there is asked for first: `podman rm --force` of 4.3 removes nothing, without a word, as soon as
 * one of several names is absent.
 */
export async function removeContainers(engine: Engine, names: readonly string[]): Promise<RemoveResult[]> {
  if (names.length === 0) return [];
  let left = await listOwn(engine, names);
  let complaints = "";
  for (let attempt = 0; attempt < TRIES && left.length > 0; attempt++) {
    const ids = left.map((container) => container.id);
    const { code, stderr } = await engine.client.run(
      ["rm", "--force", "--ignore", "--time", "0", "--volumes", ...ids],
      { timeoutMs: REMOVE_TIMEOUT_MS },
    );
    if (code === 0) {
      left = [];
    } else {
      complaints = stderr;
      left = await listOwn(engine, names);
    }
  }
  const leftIds = new Map(left.map((container) => [container.name, container.id]));
  return names.map((name) => {
    const id = leftIds.get(name);
    return {
      name,
      removed: id === undefined,
      error: id === undefined ? null : complaintAbout(id, complaints),
    };
  });
}

async function listOwn(engine: Engine, names: readonly string[]): Promise<ListedContainer[]> {
  const found = await listContainers(engine, { names });
  // The filter may have been too long to be given.
  return found.filter((container) => names.includes(container.name) && !isForeign(container, engine.root));
}

function complaintAbout(id: string, complaints: string): string {
  const own = complaints.split("\n").filter((line) => line.includes(id)).join("\n");
  return podmanSentence(own === "" ? complaints : own);
}
