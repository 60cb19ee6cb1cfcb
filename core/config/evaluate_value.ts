/**
 * From a raw value to a key's own type, or to the reason why not.
 *
 * @module
 */
import * as z from "zod/mini";
import { AppError } from "../error.ts";
import { type ConfigKey, keyRule } from "./keys.ts";
import type { Origin } from "./layer.ts";
import { isMap } from "./parse_yaml_bounded.ts";

/** What is wrong with a value, or with a place where a key is expected. */
export interface Flaw {
  /** The dotted key, down to the part that is wrong. */
  readonly path: readonly string[];
  /** Completes "KEY: ..." or stands alone after the source. */
  readonly message: string;
  readonly hint?: string | null;
  /** Names among which the right one may be. */
  readonly candidates?: readonly string[];
}

/** A value of the key's type, a flaw, or nothing when the key is not set by it. */
export type Verdict =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "flaw"; readonly flaw: Flaw }
  | { readonly kind: "unset" };

/**
 * Reads a value in several ways (as text, with YAML's types) and takes the first that fits the key.
 * Null and blank texts are "unset", and so are empty lists where the default is not a list.
 */
export function evaluateValue(key: ConfigKey, readings: readonly unknown[]): Verdict {
  const rule = keyRule(key);
  if (readings.some((reading) => isUnset(reading, rule.default))) return { kind: "unset" };
  let flaw: Flaw | undefined;
  for (const reading of readings) {
    const result = rule.schema.safeParse(reading);
    if (result.success) return { kind: "value", value: result.data };
    const found = firstFlaw(key, rule.schema, result.error.issues);
    // The reading that got furthest tells the most.
    if (flaw === undefined || found.path.length > flaw.path.length) flaw = found;
  }
  return { kind: "flaw", flaw: flaw ?? { path: key.split("."), message: "has no value" } };
}

function isUnset(reading: unknown, fallback: unknown): boolean {
  if (reading === null) return true;
  if (typeof reading === "string") return reading.trim() === "";
  return Array.isArray(reading) && reading.length === 0 && !Array.isArray(fallback);
}

function firstFlaw(key: ConfigKey, schema: z.ZodMiniType, issues: readonly z.core.$ZodIssue[]): Flaw {
  const [issue] = issues;
  const path = [...key.split("."), ...(issue?.path ?? []).map(String)];
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    return {
      path: [...path, unknown],
      message: "unknown key",
      candidates: keysAt(schema, issue.path).map((name) => [...path, name].join(".")),
    };
  }
  const hint = issue?.code === "custom" ? issue.params?.["hint"] : undefined;
  return {
    path,
    message: issue?.message ?? "is not valid",
    hint: typeof hint === "string" ? hint : null,
  };
}

/** The keys that a value may have at a place inside it, as its JSON Schema says. */
function keysAt(schema: z.ZodMiniType, path: readonly PropertyKey[]): readonly string[] {
  let node: unknown = z.toJSONSchema(schema, { io: "input" });
  for (const part of path) {
    if (!isMap(node)) return [];
    const named = isMap(node["properties"]) ? node["properties"][String(part)] : undefined;
    node = named ?? node["items"] ?? node["additionalProperties"];
  }
  return isMap(node) && isMap(node["properties"]) ? Object.keys(node["properties"]) : [];
}

/** Makes the error for a flaw: it names the source, the line, the key and the nearest right key. */
export async function newProblem(origin: Origin, flaw: Flaw): Promise<AppError> {
  const key = flaw.path.join(".");
  const { line } = origin;
  const inFile = origin.kind === "project" || origin.kind === "user" || origin.kind === "system";
  const nearest = flaw.candidates === undefined
    ? null
    // Loaded only when something is misspelt.
    : (await import("../nearest_name.ts")).nearestName(key, flaw.candidates);
  const hint = nearest === null ? flaw.hint ?? null : `did you mean ${nearest}`;
  const source = line === null ? origin.where : `${origin.where}:${line}`;
  const what = key === "" ? flaw.message : `${key}: ${flaw.message}`;
  return new AppError("invalid_config", `${source}: ${what}`, {
    ...(hint === null ? {} : { hint }),
    details: { file: inFile ? origin.where : null, line, key: key === "" ? null : key, nearest },
  });
}
