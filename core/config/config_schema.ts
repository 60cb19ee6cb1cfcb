/**
 * JSON Schema of the configuration files, for editors.
 *
 * @module
 */
import * as z from "zod/mini";
import type { KeyRule, Scope } from "./key_rule.ts";
import { CONFIG_KEY_NAMES, keyRule } from "./keys.ts";

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown };

interface Section {
  readonly [name: string]: Section | KeyRule;
}

/**
 * The schema of project.yml (`project`) or config.yml (`global`). Sections and keys may be null, which
 * means "not set"; keys of the reference that carrel warns about are not in it.
 *
 * @example
 * ```ts
 * import { configSchema } from "./config_schema.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(configSchema("project")["additionalProperties"], false);
 * ```
 */
export function configSchema(scope: Scope): JsonSchema {
  const file = scope === "project" ? "project.yml" : "config.yml";
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `carrel ${file}`,
    ...sectionSchema(sectionTree(scope)),
  };
}

/** Nests the keys of a scope. */
function sectionTree(scope: Scope): Section {
  const tree: Record<string, Section | KeyRule> = {};
  for (const key of CONFIG_KEY_NAMES) {
    const rule = keyRule(key);
    if (rule.scopes.includes(scope)) insert(tree, key.split("."), rule);
  }
  return tree;
}

function insert(
  tree: Record<string, Section | KeyRule>,
  [name = "", ...rest]: string[],
  rule: KeyRule,
): void {
  if (rest.length === 0) {
    tree[name] = rule;
    return;
  }
  const inner = tree[name] ?? {};
  const section = isRule(inner) ? {} : { ...inner };
  insert(section, rest, rule);
  tree[name] = section;
}

function isRule(node: Section | KeyRule): node is KeyRule {
  return "schema" in node && "scopes" in node;
}

function sectionSchema(section: Section): JsonSchema {
  return {
    type: ["object", "null"],
    properties: Object.fromEntries(
      Object.entries(section).map((
        [name, node],
      ) => [name, isRule(node) ? keySchema(node) : sectionSchema(node)]),
    ),
    additionalProperties: false,
  };
}

function keySchema(rule: KeyRule): JsonSchema {
  const { $schema: _, "~standard": __, ...schema } = z.toJSONSchema(rule.schema, { io: "input" });
  return {
    description: rule.summary,
    ...(rule.default === null ? {} : { default: rule.default }),
    ...orNull(schema),
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values, anyOf } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: "null" }] };
  return {
    ...schema,
    type: [type, "null"].flat(),
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}
