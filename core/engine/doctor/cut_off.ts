/**
 * Bookkeeping that reads well, and of which only the beginning was kept.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import type { AppError } from "../../error.ts";
import { recordDamaged } from "../../meta/record_damaged.ts";
import { toTaskFields } from "../../meta/task_record.ts";
import type { TaskRef } from "../../query/find_task.ts";
import type { JsonObject } from "../../query/operations.ts";
import type { YamlMap } from "../../yaml/yaml_value.ts";
import { readTaskHistory } from "./task_history.ts";

/** A file that can be read. */
export interface ReadBookkeeping {
  readonly path: string;
  readonly text: string;
  readonly map: YamlMap;
}

/**
 * What is missing although operations on record have written it; null when nothing is. Records of the reference, and
 * those that people have written, are not measured by that: nothing is on record of them.
 */
export async function findCutOff(
  carrel: Carrel,
  ref: TaskRef,
  { path, text, map }: ReadBookkeeping,
): Promise<AppError | null> {
  const has = (key: string) => Object.hasOwn(map, key);
  const { mode, initialized, labels } = toTaskFields(map);
  const endsEarly = !text.endsWith("\n");
  const lacksLaunch = mode !== null && !has("op");
  // Nearly no record is worth a look into the history.
  if (has("created_at") && !endsEarly && (!lacksLaunch || initialized)) return null;
  const { made, launched } = await readTaskHistory(carrel, ref);
  const missing = [
    ...(made !== null && !has("created_at") ? ["created_at"] : []),
    ...(endsEarly && has("labels") && losesText(made?.labels ?? {}, labels) ? ["a label"] : []),
    ...(launched !== null && lacksLaunch ? ["op"] : []),
  ];
  if (missing.length === 0) return null;
  return recordDamaged(path, `it is cut off: it lacks ${missing.join(" and ")}, which carrel had written`);
}

/** Whether of one text only the beginning is left, or nothing: people give other values, no parts of them. */
function losesText(written: JsonObject, left: Readonly<Record<string, string>>): boolean {
  return Object.entries(written).some(([key, value]) => {
    const rest = left[key] ?? "";
    return rest !== value && String(value).startsWith(rest);
  });
}
