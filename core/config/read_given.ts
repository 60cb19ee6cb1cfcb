/**
 * Flags and environment variables as layers.
 *
 * @module
 */
import { isAppError } from "../error.ts";
import type { Env } from "../port/host.ts";
import { evaluateValue, newProblem } from "./evaluate_value.ts";
import { CONFIG_KEY_NAMES, type ConfigKey, isConfigKey, keyVariable } from "./keys.ts";
import { isKnownVariable, KNOWN_VARIABLES } from "./known_variables.ts";
import { type Finding, type Layer, type Origin, sectionOf, type Statement } from "./layer.ts";
import { parseYamlBounded } from "./parse_yaml_bounded.ts";

/** Values that flags give to keys, each with the flag as it was typed. */
export type ConfigFlags = { readonly [K in ConfigKey]?: { readonly value: unknown; readonly flag: string } };

interface Given {
  readonly key: ConfigKey;
  readonly value: unknown;
  readonly origin: Origin;
}

/** Reads values from flags; undefined is not given. */
export async function readFlags(flags: ConfigFlags): Promise<Layer> {
  const given: Given[] = [];
  for (const [key, entry] of Object.entries(flags)) {
    if (!isConfigKey(key) || entry?.value === undefined) continue;
    given.push({ key, value: entry.value, origin: { kind: "flag", where: entry.flag, line: null } });
  }
  return await newLayer(given, []);
}

/** Reads values from `CARREL_*`; warns of variables of that kind that mean nothing. */
export async function readEnvironment(env: Pick<Env, "all">): Promise<Layer> {
  const keys = new Map(CONFIG_KEY_NAMES.map((key) => [keyVariable(key), key]));
  const given: Given[] = [];
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(env.all())) {
    if (!name.startsWith("CARREL_")) continue;
    const key = keys.get(name);
    if (key !== undefined) {
      given.push({ key, value, origin: { kind: "environment", where: name, line: null } });
    } else if (!isKnownVariable(name)) warnings.push(await unknownVariable(name, [...keys.keys()]));
  }
  return await newLayer(given, warnings.sort());
}

async function unknownVariable(name: string, ours: readonly (string | null)[]): Promise<string> {
  const { nearestName } = await import("../nearest_name.ts");
  const candidates = [...ours.filter((variable) => variable !== null), ...KNOWN_VARIABLES];
  // The common beginning says nothing about likeness.
  const bare = (variable: string) => variable.slice("CARREL_".length);
  const nearest = nearestName(bare(name), candidates.map(bare));
  const hint = nearest === null ? "" : `; did you mean CARREL_${nearest}`;
  return `the variable ${name} means nothing to carrel${hint}`;
}

async function newLayer(given: readonly Given[], warnings: readonly string[]): Promise<Layer> {
  const statements = new Map<ConfigKey, Statement>();
  const findings: Finding[] = [];
  for (const { key, value, origin } of given) {
    const verdict = evaluateValue(key, await readingsOf(value));
    if (verdict.kind === "unset") continue;
    if (verdict.kind === "value") {
      statements.set(key, { origin, value: verdict.value, problem: null });
      continue;
    }
    const problem = await newProblem(origin, verdict.flaw);
    findings.push({ section: sectionOf(key), problem });
    statements.set(key, { origin, value, problem });
  }
  return { statement: (key) => statements.get(key), findings, warnings };
}

/**
 * A text is what it says, or else YAML: `100`, `true`, a list. One that begins like a list or map is
 * that first of all.
 */
async function readingsOf(value: unknown): Promise<readonly unknown[]> {
  if (typeof value !== "string" || value.trim() === "") return [value];
  const yaml = await parseYamlBounded(value).catch((error) => {
    if (isAppError(error, "invalid_config")) return null;
    throw error;
  });
  // A text such as `~` or `# 1` is no way of saying nothing here; an empty one is.
  if (yaml === null || yaml.typed === null) return [value];
  const parsed = [yaml.written, yaml.typed];
  return /^\s*[[{]/.test(value) ? [...parsed, value] : [value, ...parsed];
}
