/**
 * What can still be said of a task whose bookkeeping is lost.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import { readEnv } from "../../meta/env_file.ts";
import type { RecordChanges } from "../../meta/record_store.ts";
import { toTaskFields } from "../../meta/task_record.ts";
import { formatTimestamp } from "../../meta/time.ts";
import { CONTAINER_MODES } from "../../query/container_name.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { isActive } from "../../query/launched_container.ts";
import type { YamlMap } from "../../yaml/yaml_value.ts";
import { README_FILE } from "../create_task.ts";
import { askEngine, type FoundContainer, listEngines } from "./engines.ts";
import { readTaskHistory } from "./task_history.ts";
import type { TaskTraces } from "./task_traces.ts";

/** What bookkeeping can say again. */
export interface FoundFacts {
  readonly changes: RecordChanges;
  /** Those of its keys that only the history of the task has told. */
  readonly remembered: readonly string[];
}

/**
 * Asks directory, environment file and runtime; they know better than what is `salvaged` of the bookkeeping, which
 * knows more, and that better than the history of the task. Throws what the runtime throws (exit 9): a task with a container must not be taken for one that never
 * ran.
 */
export async function findFacts(
  carrel: Carrel,
  { project, ref, taskDir, env }: TaskTraces,
  salvaged: YamlMap = {},
): Promise<FoundFacts> {
  const { files } = carrel.host;
  // It was written when the task was made, and no container sees it.
  const readme = await files.info(join(taskDir, README_FILE));
  const values = isAppError(env) ? {} : await readEnv(files, project.metaDir, ref.id);
  const names = Object.keys(values);
  const found = await askRuntimes(carrel, { project, ref });
  const container = found === null ? { image: null, facts: {} } : containerFacts(found);
  const remembered = await rememberedFacts(carrel, ref);
  const known = { ...salvaged, workspace: taskDir, ...container.facts };
  const changes = {
    mode: null,
    web_port: null,
    ...(readme === null ? {} : { created_at: formatTimestamp(Math.trunc(readme.modifiedMs * 1000)) }),
    ...remembered,
    ...(container.image === null ? {} : { image: container.image }),
    ...known,
    ...(names.length === 0 ? {} : { env_names: names }),
  };
  return { changes, remembered: Object.keys(remembered).filter((key) => !Object.hasOwn(known, key)) };
}

/** What was recorded of the operations that made the task and launched it, which may be long ago. */
async function rememberedFacts(carrel: Carrel, ref: TaskRef): Promise<YamlMap> {
  const { made, launched } = await readTaskHistory(carrel, ref);
  const createdAt = made?.createdAt ?? null;
  const labels = toTaskFields({ labels: made?.labels }).labels;
  return {
    ...(createdAt === null ? {} : { created_at: createdAt }),
    ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
    ...(launched === null ? {} : {
      ...(launched.mode === null ? {} : { mode: launched.mode }),
      ...(launched.command === null ? {} : { command: [...launched.command] }),
      op: launched.op,
    }),
  };
}

/** Which runtime the task ran on may be lost: all are asked that it can have been. Null = it has no container. */
async function askRuntimes(
  carrel: Carrel,
  { project, ref }: Pick<TaskTraces, "project" | "ref">,
): Promise<FoundContainer | null> {
  const own: FoundContainer[] = [];
  for (const engine of await listEngines(carrel)) {
    const asked = await askEngine(carrel, engine);
    if (!isAppError(asked)) own.push(...asked.filter((each) => isSameTask(each.ref, ref)));
    else if (engine.isUsed || engine.runtime === project.config.getOrDefault("run.runtime")) throw asked;
  }
  return own.find(({ status }) => isActive(status)) ?? own.toSorted(newestFirst)[0] ?? null;
}

/** The engine's own word for an image is longer than what was asked for, and so worth less than the record's. */
function containerFacts(
  { runtime, status: { image, labels } }: FoundContainer,
): { readonly image: string | null; readonly facts: RecordChanges } {
  const mode = CONTAINER_MODES.find((each) => each === labels["carrel.mode"]);
  if (mode === undefined) return { image: null, facts: {} };
  const { "carrel.op": op } = labels;
  const facts = { mode, runtime: runtime.name, ...(op === undefined ? {} : { op }) };
  return { image: image === "" ? null : image, facts };
}

function isSameTask(a: TaskRef, b: TaskRef): boolean {
  return a.project === b.project && a.id === b.id;
}

function newestFirst({ status: a }: FoundContainer, { status: b }: FoundContainer): number {
  return (b.createdAtMicros ?? 0) - (a.createdAtMicros ?? 0);
}
