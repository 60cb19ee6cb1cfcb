/**
 * Layers put together.
 *
 * @module
 */
import type { Config, Explanation } from "./config.ts";
import { CONFIG_KEY_NAMES, type ConfigKey, type ConfigValue, keyRule } from "./keys.ts";
import type { Layer, Origin, Statement } from "./layer.ts";

const DEFAULT: Origin = { kind: "default", where: "default", line: null };

/** A configuration of the given layers, the highest first. */
export function newConfig(layers: readonly Layer[]): Config {
  const findings = layers.flatMap((layer) => layer.findings);

  const statements = (key: ConfigKey): readonly [Statement, ...Statement[]] => {
    const said = layers.flatMap((layer) => layer.statement(key) ?? []);
    const fallback = { origin: DEFAULT, value: keyRule(key).default, problem: null };
    const [first, ...rest] = [...said, fallback];
    return [first ?? fallback, ...rest];
  };

  const get = <K extends ConfigKey>(key: K): ConfigValue<K> => {
    const [{ value, problem }] = statements(key);
    if (problem !== null) throw problem;
    // The row's schema has made the value.
    return value as ConfigValue<K>;
  };

  return {
    get,
    getOrDefault(key) {
      const spoilt = statements(key)[0].problem !== null;
      return spoilt && key !== "paths.root" ? defaultOf(key) : get(key);
    },
    origin: (key) => statements(key)[0].origin,
    explain<K extends ConfigKey>(key: K): Explanation<K> {
      const all = statements(key);
      const [{ origin, problem }] = all;
      return {
        key,
        value: problem === null ? get(key) : null,
        problem,
        origin,
        summary: keyRule(key).summary,
        default: defaultOf(key),
        layers: all.map((said) => ({ origin: said.origin, value: said.value, valid: said.problem === null })),
      };
    },
    problems: findings.map(({ problem }) => problem),
    warnings: [
      ...layers.flatMap((layer) => layer.warnings),
      ...CONFIG_KEY_NAMES.filter((key) => keyRule(key).isRun === false).flatMap((key) => {
        const [{ origin, problem }] = statements(key);
        return origin.kind === "default" || problem !== null ? [] : [notRun(key, origin)];
      }),
    ],
    requireSound(section) {
      const finding = findings.find((found) => found.section === null || found.section === section);
      if (finding !== undefined) throw finding.problem;
    },
  };
}

function notRun(key: ConfigKey, { where, line }: Origin): string {
  return `${where}${line === null ? "" : `:${line}`}: ${key} is not run by this version`;
}

function defaultOf<K extends ConfigKey>(key: K): ConfigValue<K> {
  return keyRule(key).default as ConfigValue<K>;
}
